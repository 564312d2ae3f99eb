using System.CommandLine;
using PracticPro.Durable;
using PracticPro.Durable.Serve;
using PracticPro.Hosting;

namespace PracticPro.Cli;

/// <summary>
/// <c>hub serve --port N</c>: the workflows of a data folder for Durable Task clients and workers of any make, on this
/// machine's loopback. Runs no workflow code itself. Prints one line when it answers: <c>hub listening on ADDRESS</c>.
/// </summary>
internal static class HubServeVerb
{
    /// <summary>What others store in it may be larger than what the program's own code may.</summary>
    private const int LargestPayload = 16 << 20;

    public static Command Command(CliCall call)
    {
        var port = new Option<int>("--port") { Description = "Port of 127.0.0.1 to listen on; 0 takes a free one.", Required = true };
        port.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var asked) && asked is < 0 or > 65_535)
            {
                result.AddError("A port is 0–65535.");
            }
        });
        var limit = new Option<int>("--turn-limit")
        {
            Description = "Seconds a worker may take for one turn before it is offered again.",
            DefaultValueFactory = static _ => 60,
        };
        var untilInputEnds = new Option<bool>("--until-input-ends") { Description = "Ends when its standard input does." };
        var command = new Command("serve", "Serves the hub by the Durable Task protocol (gRPC, without TLS), on loopback only.")
        {
            port, limit, untilInputEnds,
        };
        command.SetAction((line, cancellation) => RunAsync(
            call,
            line.GetValue(port),
            new ServeOptions { TurnLimit = TimeSpan.FromSeconds(line.GetValue(limit)) },
            line.GetValue(untilInputEnds),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CliCall call, int port, ServeOptions serve, bool untilInputEnds, CancellationToken cancellation)
    {
        var options = OpenedFolder.Settings(call.Settings);
        await using var services = Services(options);
        var durable = new DurableOptions
        {
            Folder = options.Standalone.Folder,
            LargestPayload = LargestPayload,

            // Read ahead with their inputs, which may be large.
            ReadyActivities = 512,
        };
        await using var hub = ServedHub.Open(services, durable, serve);
        await using var server = await HubServer.StartAsync(hub, port, cancellation);
        await call.Output.WriteLineAsync($"hub listening on {server.Address.GetLeftPart(UriPartial.Authority)}");
        await call.Output.FlushAsync(cancellation);
        if (untilInputEnds)
        {
            _ = EndWithInputAsync(call.Input, server);
        }

        await server.WhenAskedToEndAsync(cancellation);
        await server.StopAsync(CancellationToken.None);
        return hub.Hub.Ended.IsFaulted ? ExitCodes.Failed : ExitCodes.Done;
    }

    // The answer is alone on the output; the log goes to the other stream.
    private static ServiceProvider Services(ProgramOptions options) => new ServiceCollection()
        .AddSingleton(OffsetClock.Of(options.Clock))
        .AddLogging(static logging => logging
            .AddSimpleConsole(static console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                static console => console.LogToStandardErrorThreshold = LogLevel.Trace))
        .BuildServiceProvider();

    private static async Task EndWithInputAsync(TextReader input, HubServer server)
    {
        // Off this thread: reading the console blocks it.
        await Task.Run(input.ReadToEnd);
        server.AskToEnd();
    }
}
