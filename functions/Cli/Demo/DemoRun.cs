using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using PracticPro.Access;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;

namespace PracticPro.Cli.Demo;

/// <summary>
/// The demo's story: a practice is opened, a server started, a mailbox connected and read, replies drafted. Then a person
/// takes over; or, when nobody is there, <see cref="DemoPlay"/> decides, and in the end everything is checked.
/// </summary>
/// <param name="work">An empty folder of this run's own.</param>
internal sealed class DemoRun(DemoOptions options, string work, DemoScreen screen, EndOfDemo end)
{
    private const string PracticeName = "Harbour Clinic";
    private const string OwnerName = "Hannah Harbour";
    private const int DraftsAsked = 12;
    private static readonly TimeSpan SyncPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A workflow that a host failed with its handler is mended in the next round, and rounds are made each minute.</summary>
    private static readonly TimeSpan PatienceAfterAKill = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);

    private readonly Uri address = options.Program is DemoProgram.UnderFunctionsHost host ? host.Address : DemoServer.FreeAddress();
    private readonly Stopwatch clock = Stopwatch.StartNew();

    private string LogFile => Path.Combine(work, "server.log");

    // A person gets time to change their mind; the automatic run has less of it, and still enough to be killed in.
    private string[] Settings =>
    [
        .. DemoSettings.For(
            options.Sandbox, Path.Combine(work, "data"), address, options.Auto ? "00:00:02" : "00:00:10", "00:00:05"),
        .. DemoAccounts.Settings(options.Sandbox, address),
        .. options.Settings,
    ];

    /// <summary>True when the demo showed what it says it shows.</summary>
    public async Task<bool> RunAsync()
    {
        var cancellation = end.Token;
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        var practice = await DemoPractice.CreateAsync(
            Settings,
            new CreatePractice.Order(PracticeName, "practice-os", OwnerName, DemoOptions.DefaultMailbox, new SecretText(password)),
            cancellation);
        await screen.SayAsync($"Opened the practice {PracticeName} in a fresh data folder.");

        var server = await DemoServer.StartAsync(options.Program, Settings, LogFile, cancellation);
        try
        {
            using var sandbox = new DemoSandbox(options.Sandbox);
            using var person = new DemoPerson(address);
            await sandbox.PushToAsync(DemoSettings.WebhookOf(address), cancellation);
            await person.SignInAsync(DemoOptions.DefaultMailbox, password, cancellation);
            var connection = await ReadMailboxAsync(person, sandbox, cancellation);
            var providers = new DemoProviders(person, sandbox, screen, options.Mailbox);
            await providers.ConnectAsync(address, cancellation);
            var drafts = await DraftAsync(person, connection, cancellation);
            if (!options.Auto)
            {
                return await LeaveOpenAsync(server, password);
            }

            var play = new DemoPlay(person, screen, async () => server = await KillAndRestartAsync(server, cancellation));
            await play.RunAsync(cancellation);
            await providers.ChangeAsync(cancellation);
            await CatchUpAsync(person, cancellation);
            await person.ExportAuditAsync(Path.Combine(work, "audit"), cancellation);
            await server.StopAsync(cancellation);
            return await JudgeAsync(practice, sandbox, providers, play, drafts, cancellation);
        }
        catch (OperationCanceledException) when (end.WasAsked)
        {
            return true;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>A host starts its handler again by itself, and asks it only when it is there; a server is started by us.</summary>
    private async Task<DemoServer> KillAndRestartAsync(DemoServer server, CancellationToken cancellation)
    {
        if (options.Program is DemoProgram.UnderFunctionsHost)
        {
            await server.KillChildrenAsync(cancellation);
            using var health = new DemoHttp(address);
            await health.UntilHealthyAsync(cancellation);
            return server;
        }

        await server.KillAsync(cancellation);
        await server.DisposeAsync();
        return await DemoServer.StartAsync(options.Program, Settings, LogFile, cancellation);
    }

    private async Task<string> ReadMailboxAsync(DemoPerson person, DemoSandbox sandbox, CancellationToken cancellation)
    {
        var connection = await person.ConnectAsync(sandbox, options.Mailbox, cancellation);
        await screen.SayAsync($"Connected {options.Mailbox} through the provider's consent page. Quota is raised for the sandbox.");
        await screen.WatchAsync(
            "Reading the mailbox",
            async () =>
            {
                var sync = (await person.ConnectionsAsync(cancellation)).Single(one => one.Id == connection).Sync;
                return new DemoScreen.Stand(sync?.Stored ?? 0, sync?.Total ?? 0, sync?.CompleteSince is not null);
            },
            SyncPatience,
            cancellation);
        return connection;
    }

    /// <returns>How many replies were drafted.</returns>
    private async Task<int> DraftAsync(DemoPerson person, string connection, CancellationToken cancellation)
    {
        await person.AskForDraftsAsync(connection, DraftsAsked, cancellation);
        var before = -1;
        var quietSince = clock.Elapsed;
        await screen.WatchAsync(
            "Drafting replies",
            async () =>
            {
                // A small mailbox may have fewer conversations that wait: then it is done when nothing more comes.
                var now = (await person.ApprovalsAsync("waiting", cancellation)).Count;
                var finished = now >= DraftsAsked || (now > 0 && now == before && clock.Elapsed > quietSince + QuietFor);
                (before, quietSince) = (now, now == before ? quietSince : clock.Elapsed);
                return new DemoScreen.Stand(now, DraftsAsked, finished);
            },
            Patience,
            cancellation);
        return before;
    }

    private async Task<bool> LeaveOpenAsync(DemoServer server, string password)
    {
        await screen.SayAsync($"");
        await screen.SayAsync($"  Open      {address}");
        await screen.SayAsync($"  Sign in   {DemoOptions.DefaultMailbox}");
        await screen.SayAsync($"  Password  {password}");
        await screen.SayAsync($"");
        await screen.SayAsync($"Nothing leaves before you approve it; an approval can be undone for 10 seconds. Ctrl-C ends the demo.");
        await end.WhenAskedAsync();
        await screen.SayAsync($"Ending.");
        return await server.StopAsync(CancellationToken.None);
    }

    /// <summary>Waits until every provider's changes were followed to a point after the last thing that was done.</summary>
    private async Task CatchUpAsync(DemoPerson person, CancellationToken cancellation)
    {
        var doneAt = TimeProvider.System.GetUtcNow();
        await screen.WatchAsync(
            "Catching up with what was sent and changed",
            async () =>
            {
                var all = await person.ConnectionsAsync(cancellation);
                var caughtUp = all.Count(one => one.Sync is { Phase: "in-step" } sync && sync.LookedAt > doneAt);
                return new DemoScreen.Stand(caughtUp, all.Count, caughtUp == all.Count);
            },
            PatienceAfterAKill,
            cancellation);
    }

    private string Mode() => (options.Program, options.OnAzure) switch
    {
        (DemoProgram.UnderFunctionsHost, true) => "functions-azure",
        (DemoProgram.UnderFunctionsHost, false) => "functions",
        (_, true) => "azure",
        _ => "standalone",
    };

    private async Task<bool> JudgeAsync(
        DemoPractice practice,
        DemoSandbox sandbox,
        DemoProviders providers,
        DemoPlay play,
        int drafts,
        CancellationToken cancellation)
    {
        var kept = await practice.ReadAsync(Settings, cancellation);
        var mail = DemoChecks.Mail(await sandbox.DumpAsync(options.Mailbox, cancellation), kept.Messages);
        var sending = DemoChecks.Sending(await sandbox.SentAsync(cancellation), play.Approved);
        var log = AuditFolderVerifier.Verify(
            AuditFolderVerifier.OfFolder(Path.Combine(work, "audit")),
            new AuditExpectations(practice.KeyId),
            cancellation);
        await screen.SayAsync($"Records against mailbox: {mail.Agreeing} agree, {mail.Missing.Count} missing, {mail.Surplus.Count} too many, {mail.Differing.Count} different.");
        await screen.SayAsync($"Approved against sent: {sending.Once} once, {sending.Twice.Count} twice, {sending.Never.Count} never, {sending.Unapproved.Count} unapproved.");
        await screen.SayAsync($"Audit log: {log.Leaves} entries, {(log.IsWhole ? "whole and signed by the pinned key" : "NOT whole")}.");
        var others = await providers.CompareAsync(kept, cancellation);
        var result = new DemoResult(
            mail.Agreeing,
            drafts,
            play.Approved.Count,
            play.Rejected.Count,
            sending.Once,
            sending.Twice.Count + sending.Unapproved.Count,
            mail.Missing.Count + mail.Surplus.Count + mail.Differing.Count + sending.Never.Count + others.Wrong,
            log.Leaves,
            log.IsWhole,
            Math.Round(clock.Elapsed.TotalSeconds, 1),
            Mode(),
            others.Events.Agreeing,
            others.Customers.Agreeing,
            others.Invoices.Agreeing,
            others.Payments.Agreeing,
            others.OutlookMessages.Agreeing,
            others.Notified,
            others.OutlookEvents.Agreeing);
        await screen.SayAsync($"{result.ToJson()}");
        return result.Holds(options.AtLeast);
    }
}
