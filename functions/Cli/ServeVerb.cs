using System.CommandLine;
using PracticPro.Durable.Embedded;
using PracticPro.Hosting;
using PracticPro.Hosting.Standalone;

namespace PracticPro.Cli;

/// <summary>
/// <c>serve</c>, and what the program does without a verb: everything on one machine, until it is asked to end. Prints
/// one line when it answers: <c>practicpro listening on ADDRESS</c>.
/// </summary>
internal static class ServeVerb
{
    // Why a start fails is said in a sentence; the host would print a stack trace beside it.
    public static readonly string[] NoTrace = ["--Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", "Critical"];

    public static Command Command(CliCall call)
    {
        var untilInputEnds = new Option<bool>("--until-input-ends")
        {
            Description = "Ends when its standard input does: a program that starts this one and dies leaves nothing behind.",
        };
        var command = new Command("serve", "Serves the practice on one machine (also without a verb).") { untilInputEnds };
        command.SetAction((parsed, cancellation) => RunAsync(call, parsed.GetValue(untilInputEnds), cancellation));
        return command;
    }

    public static async Task<int> RunAsync(CliCall call, bool untilInputEnds, CancellationToken cancellation)
    {
        await using var app = await StandaloneHost.BuildAsync([.. call.Settings, .. NoTrace], cancellation);
        MemoryGuard.LowerIfAllowed(app.Configuration);
        await app.StartAsync(cancellation);
        await call.Output.WriteLineAsync($"practicpro listening on {app.Urls.First()}");
        await call.Output.FlushAsync(cancellation);
        if (untilInputEnds)
        {
            _ = EndWithInputAsync(call.Input, app.Lifetime);
        }

        var hub = app.Services.GetService<EmbeddedHub>();
        await app.WaitForShutdownAsync(cancellation);

        // A hub that met a write it could not make takes the program down; the shell must not read that as a good end.
        return hub is { Ended.IsFaulted: true } ? ExitCodes.Failed : ExitCodes.Done;
    }

    /// <summary>Ends the program when its input does.</summary>
    public static async Task EndWithInputAsync(TextReader input, IHostApplicationLifetime lifetime)
    {
        // Off this thread: reading the console blocks it.
        await Task.Run(input.ReadToEnd);
        lifetime.StopApplication();
    }
}
