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
    /// <summary>Requests worth dying in while a mailbox is read: method, path, and how many are let pass at most.</summary>
    public static readonly Moment[] Reading =
    [
        new("POST", "/token$", 1),
        new("GET", "/messages$", 5),
        new("GET", "/messages/[^/]+$", 40),
        new("GET", "/history$", 1),
        new("POST", "/watch$", 0),
    ];

    /// <summary>The same while mail is sent, where a wrong step cannot be taken back.</summary>
    public static readonly Moment[] Sending =
    [
        new("POST", "/drafts/send$", 2),
        new("POST", "/drafts/send$", 0),
        new("POST", "/drafts$", 2),
        new("GET", "/drafts$", 2),
        new("GET", "/messages$", 2),
        new("GET", "/history$", 2),
    ];

    // A moment that does not come: the run is to get on.
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(3);

    private readonly List<string> story = [];
    private CancellationTokenSource ended = new();
    private int killsLeft;
    private Moment[] moments = [];
    private DemoServer? server;
    private Task keeping = Task.CompletedTask;

    internal sealed record Moment(string Method, string Path, int MostSkipped);

    /// <summary>How the servers died, in order.</summary>
    public string Story => string.Join(", ", story);

    /// <summary>Starts the first server, which lives until <see cref="Begin"/>.</summary>
    public async Task StartAsync(CancellationToken cancellation) =>
        server = await DemoServer.StartAsync(settings, logFile, cancellation);

    /// <summary>From here on servers die, this often at most.</summary>
    public void Begin(Moment[] worthDyingIn, int kills, CancellationToken cancellation)
    {
        (moments, killsLeft, ended) = (worthDyingIn, kills, new CancellationTokenSource());
        keeping = KeepAsync(ended.Token, cancellation);
    }

    /// <summary>Kills no more, and gives back a server that lives.</summary>
    public async Task<DemoServer> EndAsync()
    {
        await ended.CancelAsync();
        await keeping;
        ended.Dispose();
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
        killsLeft = 0;
        world.Faults.Clear();
        await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private async Task KeepAsync(CancellationToken end, CancellationToken cancellation)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end, cancellation);
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

        var moment = moments[random.Next(moments.Length)];
        var (skipped, acted) = (random.Next(moment.MostSkipped + 1), random.Next(2) == 0);
        world.Faults.Add(
            new FaultMatch(moment.Method, moment.Path, null),
            new FaultAction(FaultKind.Kill) { Pid = victim.ProcessNumber, After = acted },
            skipped);
        try
        {
            await victim.EndedAsync(stop).WaitAsync(LongestLife, TimeProvider.System, stop);
            story.Add(Text($"{(acted ? "after" : "before")} {moment.Method} {moment.Path} +{skipped}"));
        }
        catch (TimeoutException)
        {
            await victim.KillAsync(stop);
            story.Add(Text($"after {LongestLife.TotalSeconds} s"));
        }
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
