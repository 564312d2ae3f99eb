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
        var journey = new Journey(person, stubborn, random);
        var connection = await stubborn.ConnectAsync(sandbox, Owner, cancellation);
        var changing = mailbox.ChangeAsync(random.Next(5, 20), cancellation);
        await journey.UntilReadAsync(connection, Patience, cancellation);
        await killer.EndAsync();

        killer.Begin(KillerOfServers.Sending, random.Next(1, 5), cancellation);
        await journey.DecideAsync(connection, Patience, cancellation);
        await journey.UntilAllLeftAsync(Patience, cancellation);
        await changing;

        var server = await killer.EndAsync();
        await journey.UntilQuietAsync(connection, Patience, cancellation);
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
}
