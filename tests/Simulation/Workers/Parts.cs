using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.Remote;
using PracticPro.Durable.Serve;
using PracticPro.Egress;
using PracticPro.Simulation.Hub;

namespace PracticPro.Simulation.Workers;

/// <summary>What the killed processes do. Each says a line when it is ready and ends when its input does.</summary>
internal static class Parts
{
    public const string EffectsOf = "effects-of-";
    private const string ReadyLine = "ready";
    private static readonly TimeSpan LongestActivity = TimeSpan.FromMilliseconds(20);

    /// <summary><c>served-hub FOLDER PORT</c>: the hub, with no code of its own.</summary>
    public static async Task<int> ServeAsync(string[] words, CancellationToken cancellation)
    {
        var port = int.Parse(words[1], CultureInfo.InvariantCulture);
        await using var services = new ServiceCollection().BuildServiceProvider();
        var durable = new DurableOptions { Folder = words[0], LargestPayload = 1 << 20 };
        await using var hub = ServedHub.Open(services, durable, new ServeOptions { TurnLimit = TimeSpan.FromSeconds(5) });
        await using var server = await HubServer.StartAsync(hub, port, cancellation);
        Console.WriteLine(ReadyLine);
        await InputEndsAsync();
        await server.StopAsync(cancellation);
        return 0;
    }

    /// <summary><c>remote-worker FOLDER PORT</c>: one of several workers, with all the code.</summary>
    public static async Task<int> WorkAsync(string[] words, CancellationToken cancellation)
    {
        var port = int.Parse(words[1], CultureInfo.InvariantCulture);
        await using var services = new ServiceCollection().BuildServiceProvider();

        // A file of its own: two processes that append to one would write over each other.
        var own = string.Create(CultureInfo.InvariantCulture, $"{EffectsOf}{Environment.ProcessId}");
        using var effects = new EffectsFile(Directory.CreateDirectory(Path.Combine(words[0], own)).FullName);
        var registry = new HubWorkload(effects, LongestActivity, TimeProvider.System).Registry();
        using var channel = new GrpcHubChannel(new Uri($"http://127.0.0.1:{port}"), PlatformDoor.Loopback());
        var worker = new RemoteWorker(
            channel,
            registry,
            new ActivityRunner(registry, services, NullLogger.Instance),
            NullLoggerFactory.Instance,
            TimeProvider.System,
            new RemoteWorkerOptions { FirstWait = TimeSpan.FromMilliseconds(50), LongestWait = TimeSpan.FromSeconds(1) });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var working = worker.RunAsync(end.Token);
        Console.WriteLine(ReadyLine);
        await InputEndsAsync();
        await end.CancelAsync();
        await working;
        return 0;
    }

    // Off this thread: reading the console blocks it.
    private static Task<string> InputEndsAsync() => Task.Run(Console.In.ReadToEnd);
}
