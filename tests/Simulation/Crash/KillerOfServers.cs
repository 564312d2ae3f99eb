using System.Globalization;
using PracticPro.Cli.Demo;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Faults;

namespace PracticPro.Simulation.Crash;

/// <summary>
/// Keeps a server running on one folder and, as often as the seed says, sees to it that it dies: while it starts, at
/// some moment, or at the provider, before or after a request was carried out. Starts the next one at once.
/// </summary>
internal sealed class KillerOfServers(Random random, string[] settings, string logFile, World world) : IAsyncDisposable
{
    // What is worth dying in. Sending comes first, for there a wrong step cannot be taken back.
    private static readonly (string Method, string Path, int MostSkipped)[] Moments =
    [
        ("POST", "/drafts/send$", 3),
        ("POST", "/drafts/send$", 3),
        ("POST", "/drafts$", 3),
        ("GET", "/drafts$", 3),
        ("POST", "/token$", 1),
        ("GET", "/messages$", 6),
        ("GET", "/messages/[^/]+$", 40),
        ("GET", "/history$", 4),
        ("POST", "/watch$", 1),
    ];

    private readonly CancellationTokenSource ended = new();
    private readonly List<string> story = [];
    private int killsLeft = random.Next(2, 6);
    private DemoServer? server;
    private Task keeping = Task.CompletedTask;

    /// <summary>How the servers died, in order.</summary>
    public string Story => string.Join(", ", story);

    /// <summary>Starts the first server, which lives until <see cref="Begin"/>.</summary>
    public async Task StartAsync(CancellationToken cancellation) =>
        server = await DemoServer.StartAsync(settings, logFile, cancellation);

    /// <summary>From here on servers die.</summary>
    public void Begin(CancellationToken cancellation) => keeping = KeepAsync(cancellation);

    /// <summary>Kills no more, and gives back a server that lives.</summary>
    public async Task<DemoServer> EndAsync()
    {
        await ended.CancelAsync();
        await keeping;
        world.Faults.Clear();
        if (server!.HasEnded)
        {
            await server.DisposeAsync();
            server = await DemoServer.StartAsync(settings, logFile, CancellationToken.None);
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        ended.Dispose();
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, cancellation);
            while (killsLeft > 0)
            {
                killsLeft--;
                await DieAsync(server!, either.Token);
                world.Faults.Clear();
                await server!.DisposeAsync();
                server = await RestartAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end; whoever asked for it looks whether the last server lives.
        }
    }

    private async Task DieAsync(DemoServer victim, CancellationToken stop)
    {
        if (random.Next(3) == 0)
        {
            var after = random.Next(10, 900);
            await Task.Delay(TimeSpan.FromMilliseconds(after), TimeProvider.System, stop);
            await victim.KillAsync(stop);
            story.Add(Text($"after {after} ms"));
            return;
        }

        var (method, path, mostSkipped) = Moments[random.Next(Moments.Length)];
        var (skipped, after2) = (random.Next(mostSkipped + 1), random.Next(2) == 0);
        world.Faults.Add(
            new FaultMatch(method, path, null),
            new FaultAction(FaultKind.Kill) { Pid = victim.ProcessNumber, After = after2 },
            skipped);
        await victim.EndedAsync(stop);
        story.Add(Text($"{(after2 ? "after" : "before")} {method} {path} +{skipped}"));
    }

    /// <summary>Now and then the next one dies before it listens.</summary>
    private async Task<DemoServer> RestartAsync(CancellationToken stop)
    {
        while (true)
        {
            var dies = killsLeft > 0 && random.Next(4) == 0;
            if (!dies)
            {
                return await DemoServer.StartAsync(settings, logFile, CancellationToken.None);
            }

            killsLeft--;
            var after = random.Next(30, 400);
            using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(after), TimeProvider.System);
            try
            {
                // Giving up waiting for a server kills it.
                await using var shortLived = await DemoServer.StartAsync(settings, logFile, impatience.Token);
            }
            catch (OperationCanceledException)
            {
                stop.ThrowIfCancellationRequested();
            }

            story.Add(Text($"{after} ms into a start"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
