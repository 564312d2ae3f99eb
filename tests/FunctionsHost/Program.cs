// Stands where the Azure Functions host stands; see README.md.
using System.Runtime.InteropServices;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Handler;

if (args is ["stand-in", ..])
{
    await StandIn.RunAsync(args[1..]);
    return 0;
}

var (line, problem) = CommandLine.Read(args);
if (line is null)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

var (app, refusals) = AppFolder.Read(line.AppFolder, line.Settings);
if (app is null)
{
    foreach (var refusal in refusals)
    {
        Console.Error.WriteLine(refusal);
    }

    return 2;
}

using var log = line.LogFile is null ? null : new StreamWriter(line.LogFile, append: true);
var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
await using var host = await FakeHost.StartAsync(
    new FakeHostOptions
    {
        App = app,
        Port = line.Port,
        Mode = line.Mode,
        Extension = line.Extension,
        Settings = line.Settings,
        Seed = line.Seed,
        Log = log,
        Announce = Say,
    },
    CancellationToken.None);
Say($"functions host listening on {host.Address.GetLeftPart(UriPartial.Authority)}");
if (line.UntilInputEnds)
{
    _ = Task.Run(() =>
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        ending.TrySetResult();
    });
}

if (await Task.WhenAny(ending.Task, host.Ended) == ending.Task)
{
    return 0;
}

Console.Error.WriteLine(await host.Ended);
return 1;

void End(PosixSignalContext context)
{
    context.Cancel = true;
    ending.TrySetResult();
}

static void Say(string text)
{
    Console.Out.WriteLine(text);
    Console.Out.Flush();
}
