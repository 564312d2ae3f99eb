using System.CommandLine;
using System.Globalization;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Keys.Platform;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>
/// <c>rotate-platform fleet-hash|signing|due|enter</c>: changes a key of the platform as a whole, and says what it does line by
/// line. It waits where every process has to hear of something first; ended before it is done, it is run again and goes on.
/// Exit 0 done, 1 not done (the old key is still there), 2 not understood, 3 not begun.
/// </summary>
internal static class RotatePlatformVerb
{
    public static Command Command(CliCall call) => new("rotate-platform", "Changes a key of the platform. Run it again after a crash: it goes on.")
    {
        Rotation(
            call, "fleet-hash", "The key that look-ups are hashed under before a practice is known.",
            static async (folder, compromised, tell, stop) => await folder.Of<RotateFleetHash>().RunAsync(compromised, news => tell(Words(news)), stop)),
        Rotation(
            call, "signing", "The key that signs audit checkpoints.",
            static async (folder, compromised, tell, stop) => await folder.Of<RotateSigningKey>().RunAsync(
                compromised ? SuccessionReason.Compromised : SuccessionReason.Scheduled, compromised, news => tell(Words(news)), stop)),
        Plain(call, "due", "Shows when each is to be changed next. Changes nothing.", DueAsync),
        Plain(
            call, "enter", "Enters everybody in the directory anew, from their records: after a restore to before a change of fleet-hash.",
            static async (folder, tell, stop) => tell(Words(await folder.Of<EnterFleet>().RunAsync(letGo: false, null, stop)))),
    };

    private static Command Rotation(
        CliCall call, string name, string about,
        Func<OpenedFolder, bool, Action<string>, CancellationToken, Task<Outcome<Done>>> run)
    {
        var compromised = new Option<bool>("--compromised")
        {
            Description = "Somebody else may hold the key. Also changes one that was changed within a day.",
        };
        var command = new Command(name, about) { compromised };
        command.SetAction(async (line, cancellation) =>
        {
            await using var folder = await OpenedFolder.OpenAsync(call.Settings, cancellation);
            var outcome = await run(folder, line.GetValue(compromised), Tell(call), cancellation);
            return outcome.Try(out _, out var why) ? ExitCodes.Done : await call.RefuseAsync(why);
        });
        return command;
    }

    private static Command Plain(
        CliCall call, string name, string about, Func<OpenedFolder, Action<string>, CancellationToken, Task> run)
    {
        var command = new Command(name, about);
        command.SetAction(async (_, cancellation) =>
        {
            await using var folder = await OpenedFolder.OpenAsync(call.Settings, cancellation);
            await run(folder, Tell(call), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task DueAsync(OpenedFolder folder, Action<string> tell, CancellationToken cancellation)
    {
        foreach (var due in await PlatformDue.AllAsync(folder.Of<IFleetHashKeys>(), folder.Of<ISigningKeys>(), cancellation))
        {
            var since = due.Since is { } at ? Text($"since {at:yyyy-MM-dd}, due {due.DueAt:yyyy-MM-dd}") : "never changed, due a year after the start";
            tell(Text($"{due.Key}: generation {due.Generation}, {since}{(due.IsUnderWay ? ", a change is under way" : "")}"));
        }
    }

    // A line is out before the next step begins, also when that one ends the program.
    private static Action<string> Tell(CliCall call) => line =>
    {
        call.Output.WriteLine(line);
        call.Output.Flush();
    };

    private static string Words(RotateFleetHash.News news) => news switch
    {
        RotateFleetHash.News.Made made => Text($"generation {made.Generation} is made"),
        RotateFleetHash.News.Waiting waiting => Waiting(waiting.Until),
        RotateFleetHash.News.Walked walked => Words(walked.Walk),
        RotateFleetHash.News.LetGo letGo => Text($"everybody is under the new one; generation {letGo.Generation} will be claimed under no more"),
        RotateFleetHash.News.Retired gone => Text($"generation {gone.Generation} is retired: a walk over {gone.Proof.Entries} entries found none that needs it"),
        _ => "",
    };

    private static string Words(RotateSigningKey.News news) => news switch
    {
        RotateSigningKey.News.Followed followed => Text($"generation {followed.Generation} follows; publish it to be pinned: {followed.KeyId}"),
        RotateSigningKey.News.Waiting waiting => Waiting(waiting.Until),
        RotateSigningKey.News.SignedAnew anew => Text($"{anew.Logs} logs are signed anew, {anew.Left} could not be"),
        RotateSigningKey.News.Ended ended => Text($"generation {ended.Generation} signs no more"),
        _ => "",
    };

    private static string Words(FleetWalk walk) =>
        Text($"walked {walk.Practices} practices, {walk.Entries} entries: {walk.Moved} moved, {walk.Missing} missing");

    private static string Waiting(DateTimeOffset until) => Text($"waiting until {until:yyyy-MM-dd HH:mm:ss} UTC, so that every process knows");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
