using System.CommandLine;

namespace PracticPro.Cli.Demo;

/// <summary>
/// <c>demo</c>: the whole program on real mail, against a sandbox that is already up. <c>scripts/demo</c> gets the mail,
/// starts the sandbox and calls this.
/// </summary>
internal static class DemoVerb
{
    public static Command Command(CliCall call)
    {
        var sandbox = new Option<string>("--sandbox") { Description = "Address of the running sandbox.", Required = true };
        var mailbox = new Option<string>("--mailbox")
        {
            Description = "The sandbox's mailbox that is connected.",
            DefaultValueFactory = static _ => DemoOptions.DefaultMailbox,
        };
        var auto = new Option<bool>("--auto") { Description = "Plays the person too, kills the server on the way, checks everything, and ends." };
        var atLeast = new Option<int>("--at-least") { Description = "With --auto: fewer messages than this is a failure." };
        var folder = new Option<string?>("--folder") { Description = "Where to work, made anew; kept afterwards. Default: a temporary folder, deleted." };
        var program = new Option<string?>("--program") { Description = "The executable that serves instead of this one: a published one." };
        var host = new Option<string?>("--functions-host") { Description = "With --app: the assembly of the Functions host to serve under." };
        var app = new Option<string?>("--app") { Description = "With --functions-host: the folder with host.json and the function folders." };
        var command = new Command("demo", "Shows the program on a sandbox's mail; scripts/demo is the way to start it.")
        {
            sandbox, mailbox, auto, atLeast, folder, program, host, app,
        };
        command.SetAction((parsed, cancellation) =>
            Uri.TryCreate(parsed.GetRequiredValue(sandbox), UriKind.Absolute, out var home) && home.IsLoopback
                ? RunAsync(
                    call,
                    new DemoOptions(home, parsed.GetRequiredValue(mailbox), parsed.GetValue(auto), parsed.GetValue(atLeast))
                    {
                        Settings = call.Settings,
                        Program = ProgramOf(parsed.GetValue(program), parsed.GetValue(host), parsed.GetValue(app)),
                    },
                    parsed.GetValue(folder),
                    cancellation)
                : call.RefuseAsync("--sandbox takes a loopback address.", ExitCodes.Usage));
        return command;
    }

    private static DemoProgram ProgramOf(string? executable, string? host, string? app) => (host, app) switch
    {
        (not null, not null) => new DemoProgram.UnderFunctionsHost(host, app, DemoServer.FreeAddress()),
        _ => new DemoProgram.Standalone(executable),
    };

    private static async Task<int> RunAsync(
        CliCall call, DemoOptions options, string? folder, CancellationToken cancellation)
    {
        if (folder is not null && Directory.Exists(folder))
        {
            return await call.RefuseAsync("--folder names a folder that is not there yet.", ExitCodes.Usage);
        }

        using var end = new EndOfDemo(cancellation);
        var work = folder is null
            ? Directory.CreateTempSubdirectory("practicpro-demo-").FullName
            : Directory.CreateDirectory(folder).FullName;
        var screen = new DemoScreen(call.Output, isTerminal: call.Output == Console.Out && !Console.IsOutputRedirected);
        var held = false;
        try
        {
            held = await new DemoRun(options, work, screen, end).RunAsync();
            return held ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (Exception trouble) when (trouble is DemoTroubleException or DemoServerEndedException or TimeoutException or HttpRequestException)
        {
            return await call.RefuseAsync($"The demo stopped: {trouble.Message} The server's log is in {work}.", ExitCodes.Failed);
        }
        finally
        {
            // What failed is kept, to be looked into.
            if (folder is null && (held || end.WasAsked))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }
}

/// <param name="AtLeast">Messages below which an automatic run has failed.</param>
internal sealed record DemoOptions(Uri Sandbox, string Mailbox, bool Auto, int AtLeast)
{
    public const string DefaultMailbox = "owner@harbour-clinic.example";

    /// <summary>What serves.</summary>
    public DemoProgram Program { get; init; } = new DemoProgram.Standalone();

    /// <summary>Settings of the demo's own command line, handed to what serves: where stores and keys are, for one.</summary>
    public string[] Settings { get; init; } = [];

    /// <summary>Stores and keys are not on this machine's own drivers.</summary>
    public bool OnAzure => Settings.Any(static word => word.StartsWith("--Azure:", StringComparison.Ordinal));
}
