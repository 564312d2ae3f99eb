using System.Diagnostics;
using System.Globalization;
using PracticPro.Access;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;
using PracticPro.Simulation.Crash;

namespace PracticPro.Simulation.Backfill;

/// <summary>
/// One run: a server reads a large mailbox whole and is killed with SIGKILL at several pages. It goes on where it was:
/// nothing is lost, and no message is fetched twice but those of a page that was under way.
/// </summary>
internal sealed class BackfillRun(int seed, string work, int messages)
{
    private const string Owner = "owner@harbour-clinic.example";
    private const string Password = "a password for one run";
    private const string Fetches = "GET /gmail/v1/users/{userId}/messages/{id}";
    private const int PageSize = 100;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Random random = new(seed);
    private readonly Uri address = DemoServer.FreeAddress();

    public async Task<CrashVerdict> RunAsync(CancellationToken cancellation)
    {
        await using var host = await SandboxHost.StartAsync(
            new SandboxOptions { Seed = seed, Fill = false, Mailboxes = [Owner] }, cancellation);
        var total = Fill(host.World.Mailboxes.Find(Owner)!);
        string[] settings =
        [
            .. DemoSettings.For(host.Address, Path.Combine(work, "data"), address, "00:00:30", "00:00:05"),
            "--Sync:PageSize", PageSize.ToString(CultureInfo.InvariantCulture),
        ];
        var practice = await DemoPractice.CreateAsync(
            settings, new CreatePractice.Order("Harbour Clinic", "practice-os", "Owner", Owner, new SecretText(Password)), cancellation);
        using var sandbox = new DemoSandbox(host.Address);
        using var person = new DemoPerson(address);
        var log = Path.Combine(work, "server.log");
        var server = await DemoServer.StartAsync(settings, log, cancellation);
        await person.SignInAsync(Owner, Password, cancellation);
        await person.ConnectAsync(sandbox, Owner, cancellation);

        // Somewhere within a page: before, among or after its messages.
        int[] kills = [.. Enumerable.Range(0, random.Next(4, 9)).Select(_ => random.Next(total)).Order()];
        var clock = Stopwatch.StartNew();
        foreach (var at in kills)
        {
            await UntilAsync(() => Task.FromResult(Asked(host.World) >= at), cancellation);
            await server.KillAsync(cancellation);
            await server.DisposeAsync();
            server = await DemoServer.StartAsync(settings, log, cancellation);
        }

        await UntilAsync(async () => (await person.ConnectionsAsync(cancellation)).All(one => one.Sync?.CompleteSince is not null), cancellation);
        var asked = Asked(host.World);
        var story = string.Create(
            CultureInfo.InvariantCulture,
            $"{total} messages in {clock.Elapsed.TotalSeconds:F0} s, {asked} fetched, killed at {string.Join(' ', kills)}");
        await server.StopAsync(cancellation);
        await server.DisposeAsync();
        var kept = await practice.ReadAsync(settings, cancellation);
        var mail = DemoChecks.Mail(await sandbox.DumpAsync(Owner, cancellation), kept.Messages);
        return new CrashVerdict(
            [
                .. mail.Missing.Select(static id => $"Message {id} is in the mailbox and not in our records."),
                .. mail.Surplus.Select(static id => $"Message {id} is in our records and not in the mailbox."),
                .. mail.Differing.Select(static id => $"Message {id} has other labels or another thread in our records."),
                .. asked > total + (kills.Length * PageSize)
                    ? (string[])[$"{asked} messages were fetched: more than {total} and a page for each kill."]
                    : [],
            ],
            story);
    }

    private static int Asked(World world) => world.Statistics.Requests.GetValueOrDefault(Fetches);

    private static async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while (!await isSo())
        {
            await Task.Delay(Glance, TimeProvider.System, patience.Token);
        }
    }

    /// <returns>How many there are: some are answered, which is a message more.</returns>
    private int Fill(Mailbox mailbox)
    {
        lock (mailbox.Gate)
        {
            MailboxSeeding.Fill(
                mailbox, GeneratedMail.Make(Owner, messages, mailbox.Made.For("generated"), mailbox.Clock.GetUtcNow()));
            return mailbox.Count;
        }
    }
}
