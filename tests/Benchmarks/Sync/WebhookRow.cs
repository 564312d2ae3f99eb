using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using PracticPro.Access;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.PubSub;

namespace PracticPro.Benchmarks.Sync;

/// <summary>
/// Pushes a second that are acknowledged: verified, known from repeats and durably queued by a server over its data folder,
/// against a <see cref="BareEndpoint"/>, which verifies the same signed token and keeps nothing. Then at half of that rate,
/// how late the latest but one in a hundred is answered, in milliseconds.
/// </summary>
internal static class WebhookRow
{
    private const string Owner = "owner@harbour-clinic.example";
    private const string Password = "a password for one round";
    private const int Pushes = 8_000;

    /// <summary>Until both are compiled as they stay: after some thousand, ours still gets faster.</summary>
    private const int WarmUp = 20_000;

    private const int AtOnce = 32;
    private const int Rounds = 7;
    private const double MostMilliseconds = 25;

    private static readonly Lazy<Task<Figures>> Measured = new(static () => MeasureAsync(CancellationToken.None));
    private static int last;

    public static BenchRow Row { get; } = new(
        "webhook", "pushes/s", "a bare endpoint that verifies the same token", 0.35,
        static async _ => (await Measured.Value).Most);

    /// <summary>The allowed wait against the one there was: at least 1 holds.</summary>
    public static BenchRow Late { get; } = new(
        "webhook-p99", "µs allowed and taken at half of the maximum", "the 99th percentile", 1,
        static async _ => new BenchResult(MostMilliseconds * 1_000, (await Measured.Value).Late * 1_000));

    private static async Task<Figures> MeasureAsync(CancellationToken cancellation)
    {
        await using var host = await SandboxHost.StartAsync(
            new SandboxOptions { Fill = false, Mailboxes = [Owner] }, cancellation);
        var work = Directory.CreateTempSubdirectory("webhook-bench-");
        var address = DemoServer.FreeAddress();
        var settings = DemoSettings.For(host.Address, Path.Combine(work.FullName, "data"), address, "00:00:30", "00:05:00");
        await DemoPractice.CreateAsync(
            settings, new CreatePractice.Order("P", "practice-os", "O", Owner, new SecretText(Password)), cancellation);
        await using var server = await DemoServer.StartAsync(settings, Path.Combine(work.FullName, "server.log"), cancellation);
        using var sandbox = new DemoSandbox(host.Address);
        using var person = new DemoPerson(address);
        await person.SignInAsync(Owner, Password, cancellation);
        await person.ConnectAsync(sandbox, Owner, cancellation);

        var push = new PushSettings(DemoSettings.WebhookOf(address))
        {
            Audience = DemoSettings.WebhookOf(address).ToString(), Email = DemoSandbox.PushAccount,
        };
        var token = PushToken.Sign(host.World.SigningKeys, push, TimeProvider.System.GetUtcNow(), TokenFault.None)!;
        using var bare = await BareEndpoint.StartAsync(push.EffectiveAudience, new Uri(host.Address, "/oauth2/v3/certs"), cancellation);
        var (ours, theirs) = (new Uri(address, "/webhooks/gmail"), bare.Address);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = AtOnce });
        await SendAsync(client, ours, token, push, WarmUp, cancellation);
        await SendAsync(client, theirs, token, push, WarmUp, cancellation);
        List<BenchResult> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add(new BenchResult(
                await SendAsync(client, ours, token, push, Pushes, cancellation),
                await SendAsync(client, theirs, token, push, Pushes, cancellation)));
        }

        var most = BenchResult.Middle(rounds);
        var late = await LateAsync(client, ours, token, push, most.Ours / 2, cancellation);
        await server.StopAsync(cancellation);
        work.Delete(recursive: true);
        return new Figures(most, late);
    }

    /// <summary>As many as can be had with so many at once.</summary>
    private static async Task<double> SendAsync(
        HttpMessageInvoker client, Uri to, string token, PushSettings push, int count, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, count, options, async (_, stop) => await PushAsync(client, to, token, push, stop));
        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>At an even rate, whether or not the one before was answered; in milliseconds from when each was due.</summary>
    private static async Task<double> LateAsync(
        HttpMessageInvoker client, Uri to, string token, PushSettings push, double rate, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var waits = new Task<double>[Pushes];
        for (var at = 0; at < waits.Length; at++)
        {
            var due = TimeSpan.FromSeconds(at / rate);
            if (due - clock.Elapsed is { Ticks: > 0 } early)
            {
                await Task.Delay(early, TimeProvider.System, cancellation);
            }

            waits[at] = TimedAsync(due);
        }

        return (await Task.WhenAll(waits)).Order().ElementAt(Pushes * 99 / 100);

        async Task<double> TimedAsync(TimeSpan due)
        {
            await PushAsync(client, to, token, push, cancellation);
            return (clock.Elapsed - due).TotalMilliseconds;
        }
    }

    private static async Task PushAsync(
        HttpMessageInvoker client, Uri to, string token, PushSettings push, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref last);
        var message = new PushMessage($"{7_000_000_000L + number}", Owner, new HistoryId(42), TimeProvider.System.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, to)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message.ToJson(push.Subscription).ToJsonString())),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <param name="Late">Milliseconds.</param>
    private sealed record Figures(BenchResult Most, double Late);
}
