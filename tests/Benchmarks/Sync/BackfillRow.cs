using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using PracticPro.Access;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.OAuth;
using PracticPro.Sync;
using PracticPro.Sync.Gmail;

namespace PracticPro.Benchmarks.Sync;

/// <summary>
/// Messages a second of a first complete reading, from a sandbox with no latency: a server that has read some before, everything
/// sealed, indexed and logged on disk, against a bare loop that lists, fetches and parses the same envelopes, a call for each,
/// with the same page size and as many at once as ours without batches, and keeps nothing.
/// </summary>
internal static class BackfillRow
{
    private const int Messages = 12_000;

    /// <summary>With one of them both sides are still being compiled while they are measured.</summary>
    private const int WarmUps = 2;
    private const int Rounds = 3;
    private const string Owner = "owner@harbour-clinic.example";
    private const string Password = "a password for one round";

    /// <summary>As many a page and at once as ours takes unless it is told otherwise.</summary>
    private static readonly SyncOptions AsSet = new();

    /// <summary>Between looks while there is much to read: looking costs the server what the bare loop does not pay.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <summary>Between looks when most is read: how exactly the end is timed.</summary>
    private static readonly TimeSpan LastGlance = TimeSpan.FromMilliseconds(10);

    public static BenchRow Row { get; } = new(
        "backfill", "messages/s", "a bare loop that fetches and parses the same", 0.5, MeasureAsync);

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        // Equal mailboxes: each round reads one of its own, and the first ones are for both to warm up by.
        string[] mailboxes = [.. Enumerable.Range(0, WarmUps + Rounds).Select(static at => $"box-{at}@harbour-clinic.example")];
        await using var host = await SandboxHost.StartAsync(
            new SandboxOptions { Fill = false, Mailboxes = mailboxes }, cancellation);
        foreach (var mailbox in mailboxes)
        {
            Fill(host, mailbox);
        }

        var work = Directory.CreateTempSubdirectory("backfill-bench-");
        var address = DemoServer.FreeAddress();
        var settings = DemoSettings.For(host.Address, Path.Combine(work.FullName, "data"), address, "00:00:30", "00:05:00");
        await DemoPractice.CreateAsync(
            settings, new CreatePractice.Order("P", "practice-os", "O", Owner, new SecretText(Password)), cancellation);
        await using var server = await DemoServer.StartAsync(settings, Path.Combine(work.FullName, "server.log"), cancellation);
        using var sandbox = new DemoSandbox(host.Address);
        using var person = new DemoPerson(address);
        await person.SignInAsync(Owner, Password, cancellation);

        List<BenchResult> rounds = [];
        foreach (var mailbox in mailboxes)
        {
            rounds.Add(new BenchResult(
                await OursAsync(host, person, sandbox, mailbox, cancellation), await BareAsync(host, mailbox, cancellation)));
        }

        await server.StopAsync(cancellation);
        work.Delete(recursive: true);
        return BenchResult.Middle(rounds[WarmUps..]);
    }

    private static async Task<double> OursAsync(
        SandboxHost host, DemoPerson person, DemoSandbox sandbox, string mailbox, CancellationToken cancellation)
    {
        var count = host.World.Mailboxes.Find(mailbox)!.Count;
        var clock = Stopwatch.StartNew();
        var id = await person.ConnectAsync(sandbox, mailbox, cancellation);
        while (true)
        {
            var sync = (await person.ConnectionsAsync(cancellation)).Single(connection => connection.Id == id).Sync;
            if (sync?.CompleteSince is not null)
            {
                return count / clock.Elapsed.TotalSeconds;
            }

            await Task.Delay(sync is null || sync.Stored < count * 9 / 10 ? Glance : LastGlance, TimeProvider.System, cancellation);
        }
    }

    private static void Fill(SandboxHost host, string address)
    {
        var mailbox = host.World.Mailboxes.Find(address)!;
        lock (mailbox.Gate)
        {
            MailboxSeeding.Fill(
                mailbox, GeneratedMail.Make(address, Messages, mailbox.Made.For("generated"), mailbox.Clock.GetUtcNow()));
        }
    }

    private static async Task<double> BareAsync(SandboxHost host, string mailbox, CancellationToken cancellation)
    {
        // The baseline is what is measured against, not a way out of the product.
#pragma warning disable RS0030
        using var http = new HttpClient { BaseAddress = host.Address };
#pragma warning restore RS0030
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", host.World.Grants.IssueAccess(OAuthClient.Default, mailbox, GmailConnector.Scopes));
        var query = string.Join('&', GmailMailbox.EnvelopeQuery.Select(static pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        var clock = Stopwatch.StartNew();
        var read = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AsSet.ParallelReads, CancellationToken = cancellation };
        string? next = null;
        do
        {
            using var page = await GetAsync(
                http, $"/gmail/v1/users/me/messages?maxResults={AsSet.PageSize}&includeSpamTrash=true{(next is null ? "" : $"&pageToken={next}")}", cancellation);
            string[] ids = [.. page.RootElement.GetProperty("messages").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)];
            next = page.RootElement.TryGetProperty("nextPageToken", out var token) ? token.GetString() : null;
            await Parallel.ForEachAsync(ids, options, async (id, stop) =>
            {
                using var message = await GetAsync(http, $"/gmail/v1/users/me/messages/{id}?{query}", stop);
                if (message.RootElement.GetProperty("payload").GetProperty("headers").GetArrayLength() > 0)
                {
                    Interlocked.Increment(ref read);
                }
            });
        }
        while (next is not null);
        return read / clock.Elapsed.TotalSeconds;
    }

    private static async Task<JsonDocument> GetAsync(HttpClient http, string path, CancellationToken cancellation)
    {
        await using var body = await http.GetStreamAsync(path, cancellation);
        return await JsonDocument.ParseAsync(body, default, cancellation);
    }
}
