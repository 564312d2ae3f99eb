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
using PracticPro.Sync.Gmail;

namespace PracticPro.Benchmarks.Sync;

/// <summary>
/// Messages a second of a first complete reading, from a sandbox with no latency: a server started for it, everything
/// sealed, indexed and logged on disk, against a bare loop that lists, fetches and parses the same envelopes by the same
/// requests, with the same page size and as many at once, and keeps nothing.
/// </summary>
internal static class BackfillRow
{
    private const int Messages = 3_000;
    private const int Rounds = 3;
    private const int PageSize = 100;
    private const int AtOnce = 8;
    private const string Owner = "owner@harbour-clinic.example";
    private const string WarmUp = "desk@harbour-clinic.example";
    private const int WarmUpMessages = 1_500;
    private const string Password = "a password for one round";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    public static BenchRow Row { get; } = new(
        "backfill", "messages/s", "a bare loop that fetches and parses the same", 0.5, MeasureAsync);

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        await using var host = await SandboxHost.StartAsync(
            new SandboxOptions { Fill = false, Mailboxes = [Owner, WarmUp] }, cancellation);
        Fill(host, WarmUp, WarmUpMessages);
        Fill(host, Owner, Messages);

        await BareAsync(host, cancellation);
        List<double> ours = [];
        List<double> bare = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await OursAsync(host, cancellation));
            bare.Add(await BareAsync(host, cancellation));
        }

        return new BenchResult(Median(ours), Median(bare));
    }

    private static async Task<double> OursAsync(SandboxHost host, CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("backfill-bench-");
        var address = DemoServer.FreeAddress();
        var settings = DemoSettings.For(host.Address, Path.Combine(work.FullName, "data"), address, "00:00:30", "00:05:00");
        await DemoPractice.CreateAsync(
            settings, new CreatePractice.Order("P", "practice-os", "O", Owner, new SecretText(Password)), cancellation);
        await using var server = await DemoServer.StartAsync(settings, Path.Combine(work.FullName, "server.log"), cancellation);
        using var sandbox = new DemoSandbox(host.Address);
        using var person = new DemoPerson(address);
        await person.SignInAsync(Owner, Password, cancellation);

        // The baseline's code is warm, so ours is warmed too: by another, smaller mailbox of the same practice.
        await ReadAsync(person, sandbox, WarmUp, cancellation);
        var clock = Stopwatch.StartNew();
        await ReadAsync(person, sandbox, Owner, cancellation);
        var rate = host.World.Mailboxes.Find(Owner)!.Count / clock.Elapsed.TotalSeconds;
        await server.StopAsync(cancellation);
        work.Delete(recursive: true);
        return rate;
    }

    private static async Task ReadAsync(
        DemoPerson person, DemoSandbox sandbox, string mailbox, CancellationToken cancellation)
    {
        await person.ConnectAsync(sandbox, mailbox, cancellation);
        while ((await person.ConnectionsAsync(cancellation)).Any(connection => connection.Sync?.CompleteSince is null))
        {
            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }
    }

    private static void Fill(SandboxHost host, string address, int messages)
    {
        var mailbox = host.World.Mailboxes.Find(address)!;
        lock (mailbox.Gate)
        {
            MailboxSeeding.Fill(
                mailbox, GeneratedMail.Make(address, messages, mailbox.Made.For("generated"), mailbox.Clock.GetUtcNow()));
        }
    }

    private static async Task<double> BareAsync(SandboxHost host, CancellationToken cancellation)
    {
        // The baseline is what is measured against, not a way out of the product.
#pragma warning disable RS0030
        using var http = new HttpClient { BaseAddress = host.Address };
#pragma warning restore RS0030
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", host.World.Grants.IssueAccess(OAuthClient.Default, Owner, GmailConnector.Scopes));
        var query = string.Join('&', GmailMailbox.EnvelopeQuery.Select(static pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        var clock = Stopwatch.StartNew();
        var read = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        string? next = null;
        do
        {
            using var page = await GetAsync(
                http, $"/gmail/v1/users/me/messages?maxResults={PageSize}&includeSpamTrash=true{(next is null ? "" : $"&pageToken={next}")}", cancellation);
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

    private static double Median(List<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
