using PracticPro.Access;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Benchmarks.Sync;

/// <summary>
/// Messages of a first complete reading for a thousand of the provider's quota units, counted at the provider, against the
/// most there could be: 50, at 20 units for each message fetched and nothing else asked.
/// </summary>
internal static class QuotaRow
{
    private const int Messages = 1_000;
    private const double Most = 1_000.0 / 20;
    private const string Owner = "owner@harbour-clinic.example";
    private const string Password = "a password for one round";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    public static BenchRow Row { get; } = new(
        "backfill-quota", "messages/1,000 units", "each message fetched once and nothing else asked", 0.95, MeasureAsync);

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        await using var host = await SandboxHost.StartAsync(
            new SandboxOptions { Fill = false, Mailboxes = [Owner] }, cancellation);
        var mailbox = host.World.Mailboxes.Find(Owner)!;
        lock (mailbox.Gate)
        {
            MailboxSeeding.Fill(
                mailbox, GeneratedMail.Make(Owner, Messages, mailbox.Made.For("generated"), mailbox.Clock.GetUtcNow()));
        }

        var work = Directory.CreateTempSubdirectory("quota-bench-");
        var address = DemoServer.FreeAddress();
        var settings = DemoSettings.For(host.Address, Path.Combine(work.FullName, "data"), address, "00:00:30", "00:05:00");
        await DemoPractice.CreateAsync(
            settings, new CreatePractice.Order("P", "practice-os", "O", Owner, new SecretText(Password)), cancellation);
        await using var server = await DemoServer.StartAsync(settings, Path.Combine(work.FullName, "server.log"), cancellation);
        using var sandbox = new DemoSandbox(host.Address);
        using var person = new DemoPerson(address);
        await person.SignInAsync(Owner, Password, cancellation);
        await person.ConnectAsync(sandbox, Owner, cancellation);
        while ((await person.ConnectionsAsync(cancellation)).Any(static connection => connection.Sync?.CompleteSince is null))
        {
            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }

        var units = GmailMethods.All.Sum(method =>
            method.Units * host.World.Statistics.Requests.GetValueOrDefault($"{method.Verb} /gmail/v1/users/{{userId}}/{method.Path}"));
        await server.StopAsync(cancellation);
        work.Delete(recursive: true);
        return new BenchResult(mailbox.Count * 1_000.0 / units, Most);
    }
}
