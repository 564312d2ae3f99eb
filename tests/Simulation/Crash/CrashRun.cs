using PracticPro.Access;
using PracticPro.Audit.Verify;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;

namespace PracticPro.Simulation.Crash;

/// <summary>
/// One run: a practice, a small restless mailbox, a server that keeps dying, and a person who approves some replies and
/// rejects others. Then quiet, and the comparison.
/// </summary>
internal sealed class CrashRun(int seed, string work)
{
    private const string Owner = "owner@harbour-clinic.example";
    private const string Password = "a password for one run";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Random random = new(seed);
    private readonly Uri address = DemoServer.FreeAddress();

    public async Task<CrashVerdict> RunAsync(CancellationToken cancellation)
    {
        await using var host = await SandboxHost.StartAsync(
            new SandboxOptions { Seed = seed, Fill = false, Mailboxes = [Owner] }, cancellation);
        var mailbox = new RestlessMailbox(host.World.Mailboxes.Find(Owner)!, new Random(random.Next()));
        mailbox.Fill(random.Next(12, 60));
        string[] settings =
        [
            .. DemoSettings.For(host.Address, Path.Combine(work, "data"), address, "00:00:00.3", "00:00:01"),
            "--Sync:PageSize", "10",
        ];
        var practice = await DemoPractice.CreateAsync(
            settings, new CreatePractice.Order("Harbour Clinic", "practice-os", "Owner", Owner, new SecretText(Password)), cancellation);

        await using var killer = new KillerOfServers(
            new Random(random.Next()), settings, Path.Combine(work, "server.log"), host.World);
        await killer.StartAsync(cancellation);
        using var sandbox = new DemoSandbox(host.Address);
        using var person = new DemoPerson(address);
        await sandbox.PushToAsync(DemoSettings.WebhookOf(address), cancellation);
        await person.SignInAsync(Owner, Password, cancellation);

        killer.Begin(KillerOfServers.Reading, random.Next(0, 3), cancellation);
        var stubborn = new StubbornPerson(person);
        var connection = await stubborn.ConnectAsync(sandbox, Owner, cancellation);
        var changing = mailbox.ChangeAsync(random.Next(5, 20), cancellation);
        await StubbornPerson.UntilAsync(
            "the mailbox to be read",
            async () => (await SyncAsync(person, connection, cancellation))?.CompleteSince is not null,
            Patience,
            cancellation);
        await killer.EndAsync();

        killer.Begin(KillerOfServers.Sending, random.Next(1, 5), cancellation);
        await DecideAsync(person, stubborn, connection, cancellation);
        await UntilAllLeftAsync(person, cancellation);
        await changing;

        var server = await killer.EndAsync();
        await UntilQuietAsync(person, connection, cancellation);
        var audit = Path.Combine(work, "audit");
        await person.ExportAuditAsync(audit, cancellation);
        await server.StopAsync(cancellation);
        return CrashVerdict.Of(
            await sandbox.DumpAsync(Owner, cancellation),
            await sandbox.SentAsync(cancellation),
            await practice.ReadAsync(settings, cancellation),
            stubborn.Approved,
            AuditFolderVerifier.Verify(AuditFolderVerifier.OfFolder(audit), new AuditExpectations(practice.KeyId), cancellation),
            killer.Story);
    }

    private async Task DecideAsync(
        DemoPerson person, StubbornPerson stubborn, string connection, CancellationToken cancellation)
    {
        var asked = random.Next(2, 7);
        await stubborn.AskForDraftsAsync(connection, asked, cancellation);

        // A message that was deleted meanwhile takes its conversation with it: one fewer may come.
        await StubbornPerson.UntilAsync(
            "a reply to decide about",
            async () => (await person.ApprovalsAsync("waiting", cancellation)).Count > 0,
            Patience,
            cancellation);
        for (var decided = 0; decided < asked; decided++)
        {
            var waiting = await person.ApprovalsAsync("waiting", cancellation);
            if (waiting.Count == 0)
            {
                return;
            }

            var one = waiting[random.Next(waiting.Count)].Id;
            await (random.Next(10) switch
            {
                < 6 => stubborn.ApproveAsync(one, edit: false, cancellation),
                < 8 => stubborn.ApproveAsync(one, edit: true, cancellation),
                _ => stubborn.RejectAsync(one, cancellation),
            });
        }
    }

    private static Task UntilAllLeftAsync(DemoPerson person, CancellationToken cancellation) => StubbornPerson.UntilAsync(
        "everything approved to leave",
        async () => (await person.ApprovalsAsync("approved", cancellation)).Count
            + (await person.ApprovalsAsync("sending", cancellation)).Count == 0,
        Patience,
        cancellation);

    private static async Task UntilQuietAsync(DemoPerson person, string connection, CancellationToken cancellation)
    {
        await UntilAllLeftAsync(person, cancellation);
        var quietAt = TimeProvider.System.GetUtcNow();
        await StubbornPerson.UntilAsync(
            "the mailbox to be followed to its end",
            async () => await SyncAsync(person, connection, cancellation) is { Phase: "in-step" } sync && sync.LookedAt > quietAt,
            Patience,
            cancellation);
    }

    private static async Task<DemoShapes.Progress?> SyncAsync(
        DemoPerson person, string connection, CancellationToken cancellation) =>
        (await person.ConnectionsAsync(cancellation)).Single(one => one.Id == connection).Sync;
}
