using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;

namespace PracticPro.Benchmarks.Durable;

/// <summary>One load through an embedded hub of its own.</summary>
internal static class EmbeddedRound
{
    /// <returns>Orchestrations a second.</returns>
    public static async Task<double> RunAsync(DurableLoad load, bool onDisk, CancellationToken cancellation)
    {
        var folder = onDisk ? Directory.CreateTempSubdirectory("hub-bench-").FullName : null;
        using var services = new ServiceCollection().BuildServiceProvider();
        await using var hub = EmbeddedHub.Open(load.Registry(), services, new DurableOptions { Folder = folder });
        hub.Start();
        var client = new HubClient(hub);
        var watch = Stopwatch.StartNew();
        await load.RunAsync(client, () => hub.WhenIdleAsync(cancellation), cancellation);
        var perSecond = load.Instances / watch.Elapsed.TotalSeconds;
        await hub.StopAsync(cancellation);
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return perSecond;
    }
}
