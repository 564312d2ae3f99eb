using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using ActivityContext = PracticPro.Durable.ActivityContext;

namespace PracticPro.Benchmarks.Durable;

/// <summary>
/// Orchestrations a second: 1,000 instances of three activities in sequence, started at once, until all are complete.
/// On disk with a sync at every commit, against the same hub with everything in memory.
/// </summary>
internal static class DurableRow
{
    private const int Instances = 1_000;
    private const int Rounds = 7;

    /// <summary>Best of Microsoft's in-memory engine over loopback on a machine of this size, a second.</summary>
    private const double MustBeat = 1_560;

    private static readonly OrchestrationName<int, int> Sequence = new("sequence");
    private static readonly ActivityName<int, int> AddOne = new("add-one");

    public static BenchRow Row { get; } = new(
        "durable",
        "orchestrations/s",
        "the same hub in memory",
        0.5,
        MeasureAsync);

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        // One round each to warm up; then alternating, so that a slow minute of the machine meets both.
        await RoundAsync(onDisk: true, cancellation);
        await RoundAsync(onDisk: false, cancellation);
        List<double> disk = [];
        List<double> memory = [];
        for (var round = 0; round < Rounds; round++)
        {
            disk.Add(await RoundAsync(onDisk: true, cancellation));
            memory.Add(await RoundAsync(onDisk: false, cancellation));
        }

        return new BenchResult(Median(disk), Median(memory), MustBeat);
    }

    private static async Task<double> RoundAsync(bool onDisk, CancellationToken cancellation)
    {
        var folder = onDisk ? Directory.CreateTempSubdirectory("hub-bench-").FullName : null;
        var registry = new DurableRegistry()
            .AddOrchestration(Sequence, static () => new ThreeInSequence())
            .AddActivity(AddOne, static _ => new AddOneActivity());
        using var services = new ServiceCollection().BuildServiceProvider();
        await using var hub = EmbeddedHub.Open(registry, services, new DurableOptions { Folder = folder });
        hub.Start();
        var client = new HubClient(hub);
        var watch = Stopwatch.StartNew();
        var runs = Enumerable.Range(0, Instances).Select(number => OneAsync(client, number, cancellation)).ToList();
        await Task.WhenAll(runs);
        var perSecond = Instances / watch.Elapsed.TotalSeconds;
        await hub.StopAsync(cancellation);
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return perSecond;
    }

    private static async Task OneAsync(HubClient client, int number, CancellationToken cancellation)
    {
        var id = InstanceId.Parse($"bench-{number}");
        await client.StartAsync(Sequence, id, number, cancellation);
        var end = await client.WaitForCompletionAsync(id, TimeSpan.FromMinutes(1), cancellation);
        if (end is null || HubClient.OutputOf(Sequence, end) != number + 3)
        {
            throw new InvalidOperationException("An orchestration did not give its result.");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class ThreeInSequence : Orchestration<int, int>
    {
        public override async Task<int> RunAsync(OrchestrationContext context, int input)
        {
            input = await context.CallActivityAsync(AddOne, input);
            input = await context.CallActivityAsync(AddOne, input);
            return await context.CallActivityAsync(AddOne, input);
        }
    }

    private sealed class AddOneActivity : Activity<int, int>
    {
        public override Task<int> RunAsync(ActivityContext context, int input, CancellationToken cancellation) =>
            Task.FromResult(input + 1);
    }
}
