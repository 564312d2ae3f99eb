using System.Text.Json;
using PracticPro.Access;
using PracticPro.Audit.Verify;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Simulation.Crash;

namespace PracticPro.Simulation.Counterparts;

/// <summary>
/// One run: a practice whose stores and keys are services elsewhere, which keep dying and stalling while its mailbox is
/// read and its mail is sent. Then quiet, a look at what the status says of each service that is down, and the comparison.
/// </summary>
internal sealed class CounterpartRun(int seed, string work, string identity)
{
    private const string Owner = "owner@harbour-clinic.example";
    private const string Password = "a password for one run";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(40);

    private readonly Random random = new(seed);
    private readonly Uri address = DemoServer.FreeAddress();

    public async Task<CrashVerdict> RunAsync(CancellationToken cancellation)
    {
        await using var family = await Family.StartAsync(Path.Combine(work, "grounds"), identity, cancellation);
        await using var host = await SandboxHost.StartAsync(
            new SandboxOptions { Seed = seed, Fill = false, Mailboxes = [Owner] }, cancellation);
        var mailbox = new RestlessMailbox(host.World.Mailboxes.Find(Owner)!, new Random(random.Next()));
        mailbox.Fill(random.Next(40, 160));
        string[] settings =
        [
            .. DemoSettings.For(host.Address, Path.Combine(work, "data"), address, "00:00:00.3", "00:00:01"),
            "--Sync:PageSize", "10",
            .. family.Settings,
        ];
        var practice = await DemoPractice.CreateAsync(
            settings, new CreatePractice.Order("Harbour Clinic", "practice-os", "Owner", Owner, new SecretText(Password)), cancellation);
        await using var server = await DemoServer.StartAsync(settings, Path.Combine(work, "server.log"), cancellation);
        using var sandbox = new DemoSandbox(host.Address);
        using var person = new DemoPerson(address);
        await sandbox.PushToAsync(DemoSettings.WebhookOf(address), cancellation);
        await person.SignInAsync(Owner, Password, cancellation);

        var stubborn = new StubbornPerson(person);
        var journey = new Journey(person, stubborn, random);
        string connection;
        string story;
        await using (var trouble = new Trouble(new Random(random.Next()), family))
        {
            connection = await stubborn.ConnectAsync(sandbox, Owner, cancellation);
            var changing = mailbox.ChangeAsync(random.Next(30, 90), cancellation);
            await journey.UntilReadAsync(connection, Patience, cancellation);
            await journey.DecideAsync(connection, Patience, cancellation);
            await journey.UntilAllLeftAsync(Patience, cancellation);
            await changing;
            await trouble.UntilEnoughAsync(random.Next(4, 10), cancellation);
            story = trouble.Story;
        }

        await journey.UntilQuietAsync(connection, Patience, cancellation);
        var unsaid = await LookAtStatusAsync(family, cancellation);
        await journey.UntilQuietAsync(connection, Patience, cancellation);
        var audit = Path.Combine(work, "audit");
        await person.ExportAuditAsync(audit, cancellation);
        await server.StopAsync(cancellation);
        var verdict = CrashVerdict.Of(
            await sandbox.DumpAsync(Owner, cancellation),
            await sandbox.SentAsync(cancellation),
            await practice.ReadAsync(settings, cancellation),
            stubborn.Approved,
            AuditFolderVerifier.Verify(AuditFolderVerifier.OfFolder(audit), new AuditExpectations(practice.KeyId), cancellation),
            story);
        return verdict with { Faults = [.. verdict.Faults, .. unsaid] };
    }

    /// <summary>Each service in turn is taken away: the status names that one, and is well again when it is back.</summary>
    private async Task<List<string>> LookAtStatusAsync(Family family, CancellationToken cancellation)
    {
        var unsaid = new List<string>();
        using var asked = new DemoHttp(address);
        foreach (var victim in family.All)
        {
            await victim.KillAsync();
            if (!await ShowsAsync(asked, [victim.Part], cancellation))
            {
                unsaid.Add($"The status does not say that {victim.Part} cannot be used.");
            }

            await victim.StartAsync(cancellation);
            if (!await ShowsAsync(asked, [], cancellation))
            {
                unsaid.Add($"The status does not say that {victim.Part} can be used again.");
            }
        }

        return unsaid;
    }

    private static async Task<bool> ShowsAsync(DemoHttp asked, string[] unavailable, CancellationToken cancellation)
    {
        var until = TimeProvider.System.GetUtcNow() + StatusPatience;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            using var answer = await asked.SendAsync(HttpMethod.Get, "/status", null, null, null, cancellation);
            using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            var parts = page.RootElement.GetProperty("parts").EnumerateArray()
                .Where(static part => part.GetProperty("state").GetString() == "unavailable")
                .Select(static part => part.GetProperty("part").GetString()!);
            if (parts.SequenceEqual(unavailable) && answer.IsSuccessStatusCode == (unavailable.Length == 0))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, cancellation);
        }

        return false;
    }
}
