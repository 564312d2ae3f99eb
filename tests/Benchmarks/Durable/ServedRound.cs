using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Remote;
using PracticPro.Durable.Serve;
using PracticPro.Egress;

namespace PracticPro.Benchmarks.Durable;

/// <summary>
/// One load through a hub that is served on loopback: the hub on disk, our own worker and client over gRPC, all in this
/// process, so that what is measured is the protocol and not the system's scheduler.
/// </summary>
internal static class ServedRound
{
    /// <returns>Orchestrations a second.</returns>
    public static async Task<double> RunAsync(DurableLoad load, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("hub-bench-").FullName;
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using (var hub = ServedHub.Open(services, new DurableOptions { Folder = folder }, new ServeOptions()))
        await using (var server = await HubServer.StartAsync(hub, 0, cancellation))
        using (var forWork = new GrpcHubChannel(server.Address, PlatformDoor.Loopback()))
        using (var forCalls = new GrpcHubChannel(server.Address, PlatformDoor.Loopback()))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var working = Worker(forWork, load.Registry(), services).RunAsync(end.Token);
            var client = new HubClient(new RemoteHub(forCalls, WireDialect.Plain, TimeProvider.System, TimeSpan.FromSeconds(30)));
            var watch = Stopwatch.StartNew();
            await load.RunAsync(client, () => hub.Hub.WhenIdleAsync(cancellation), cancellation);
            var perSecond = load.Instances / watch.Elapsed.TotalSeconds;
            await end.CancelAsync();
            await working;
            await server.StopAsync(cancellation);
            Directory.Delete(folder, recursive: true);
            return perSecond;
        }
    }

    private static RemoteWorker Worker(GrpcHubChannel channel, DurableRegistry registry, IServiceProvider services) => new(
        channel,
        registry,
        new ActivityRunner(registry, services, NullLogger.Instance),
        NullLoggerFactory.Instance,
        TimeProvider.System,
        new RemoteWorkerOptions());
}
