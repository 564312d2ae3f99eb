using System.CommandLine;
using PracticPro.Cli.Demo;
using PracticPro.Cli.Drill;

namespace PracticPro.Cli;

/// <summary>
/// The program as a command line: the contents page of its verbs, one file each. Errors are one plain line a thing on
/// the error stream, with no stack trace and nothing secret in it.
/// </summary>
internal static class CommandLine
{
    private const string About =
        """
        The back end of a practice. Without a verb it serves.

        Settings are given anywhere in the line as --Section:Name VALUE, for example --Standalone:Folder DIR or
        --Standalone:Listen http://127.0.0.1:7071; files and environment variables (Section__Name) set them as well.
        Exit codes: 0 done, 1 failed, 2 not understood, 3 not begun (settings, or the data folder is in use).
        """;

    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, TextReader input, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var line = SettingWords.Split(args);
        var call = new CliCall(line.Settings, input, output, error);
        if (line.Problem is { } problem)
        {
            return await call.RefuseAsync(problem, ExitCodes.Usage);
        }

        var parsed = Root(call).Parse(line.Words);
        foreach (var mistake in parsed.Errors)
        {
            await call.RefuseAsync(mistake.Message, ExitCodes.Usage);
        }

        return parsed.Errors.Count > 0
            ? await call.RefuseAsync("--help shows what can be asked.", ExitCodes.Usage)
            : await TroubleInWords.GuardAsync(call, () => parsed.InvokeAsync(Plain(call), cancellation));
    }

    private static RootCommand Root(CliCall call)
    {
        var root = new RootCommand(About)
        {
            ServeVerb.Command(call),
            PracticeVerb.Command(call),
            AuditVerb.Command(call),
            SyncVerb.Command(call),
            VerifyAuditVerb.Command(call),
            HubVerb.Command(call),
            PoisonVerb.Command(call),
            RotateVerb.Command(call),
            DestroyKeysVerb.Command(call),
            VerifyCertificateVerb.Command(call),
            RotatePlatformVerb.Command(call),
            MoveVerb.Command(call),
            FunctionsVerb.Command(call),
            SealVerb.Command(call),
            OpenVerb.Command(call),
            DemoVerb.Command(call),
            BackupVerb.Command(call),
            RestoreVerb.Command(call),
            RestoreDrillVerb.Command(call),
        };
        root.SetAction((_, cancellation) => ServeVerb.RunAsync(call, untilInputEnds: false, cancellation));
        return root;
    }

    // The web host and the demo listen for the end themselves; a second listener would cut their farewell short.
    private static InvocationConfiguration Plain(CliCall call) => new()
    {
        Output = call.Output,
        Error = call.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };
}
