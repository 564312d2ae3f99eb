using System.CommandLine;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Back;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Front;

namespace PracticPro.Cli;

/// <summary>
/// <c>functions serve|work|emit</c>: the program under the Functions host. The host starts the first, which starts the
/// second; the third writes what the host reads.
/// </summary>
internal static class FunctionsVerb
{
    public static Command Command(CliCall call) => new("functions", "The program under the Functions host.")
    {
        Serve(call),
        Work(call),
        Emit(call),
    };

    private static Command Serve(CliCall call)
    {
        var command = new Command("serve", "What the Functions host starts. Answers it, and starts the rest.");
        command.SetAction(async (_, cancellation) =>
        {
            await using var app = FrontHost.Build(call.Settings, call.Output, BackCommand.OfThisProgram(call.Settings));
            var end = app.Services.GetRequiredService<FrontEnd>();
            await app.StartAsync(cancellation);
            await app.WaitForShutdownAsync(cancellation);
            return end.ExitCode;
        });
        return command;
    }

    private static Command Work(CliCall call)
    {
        var command = new Command("work", "What functions serve starts. Ends with its standard input.");
        command.SetAction((_, cancellation) => WorkAsync(call, cancellation));
        return command;
    }

    private static async Task<int> WorkAsync(CliCall call, CancellationToken cancellation)
    {
        await using var app = await BackHost.BuildAsync([.. call.Settings, .. ServeVerb.NoTrace], cancellation);
        MemoryGuard.LowerIfAllowed(app.Configuration);
        await app.StartAsync(cancellation);
        await call.Output.WriteLineAsync(BackHost.AddressesOf(app).Line);
        await call.Output.FlushAsync(cancellation);
        _ = ServeVerb.EndWithInputAsync(call.Input, app.Lifetime);
        await app.WaitForShutdownAsync(cancellation);
        return ExitCodes.Done;
    }

    private static Command Emit(CliCall call)
    {
        var folder = new Argument<string>("DIR") { Description = "Where to. The top folder of what is published." };
        var command = new Command("emit", "Writes a folder for each function, and host.json. Prints the functions' names.") { folder };
        command.SetAction(async (line, cancellation) =>
        {
            foreach (var name in await EmitFolders.WriteAsync(Composition.Functions(), line.GetRequiredValue(folder), cancellation))
            {
                await call.Output.WriteLineAsync(name.AsMemory(), cancellation);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
