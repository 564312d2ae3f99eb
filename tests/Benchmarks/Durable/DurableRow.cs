namespace PracticPro.Benchmarks.Durable;

/// <summary>
/// Orchestrations a second on disk, with a sync at every commit, against the same hub with everything in memory. All
/// instances of a load are started at once, and the clock stops when the last is complete.
/// </summary>
internal static class DurableRow
{
    private const int Rounds = 7;

    /// <summary>Best of Microsoft's in-memory engine over loopback on a machine of this size, a second.</summary>
    private const double MustBeat = 1_560;

    /// <summary>1,000 instances of three activities in sequence.</summary>
    public static BenchRow Sequence { get; } = Row("durable", new SequenceLoad(1_000), MustBeat);

    /// <summary>200 instances of fifty activities at once.</summary>
    public static BenchRow FanOut { get; } = Row("durable-fan-out", new FanOutLoad(200), null);

    /// <summary>1,000 instances that wait for an event, all of them waiting before the first is raised.</summary>
    public static BenchRow Events { get; } = Row("durable-events", new EventsLoad(1_000), null);

    private static BenchRow Row(string name, DurableLoad load, double? floor) => new(
        name,
        "orchestrations/s",
        "the same hub in memory",
        0.5,
        cancellation => MeasureAsync(load, floor, cancellation));

    private static async Task<BenchResult> MeasureAsync(DurableLoad load, double? floor, CancellationToken cancellation)
    {
        // One round each to warm up; then alternating, so that a slow minute of the machine meets both.
        await EmbeddedRound.RunAsync(load, onDisk: true, cancellation);
        await EmbeddedRound.RunAsync(load, onDisk: false, cancellation);
        List<double> disk = [];
        List<double> memory = [];
        for (var round = 0; round < Rounds; round++)
        {
            disk.Add(await EmbeddedRound.RunAsync(load, onDisk: true, cancellation));
            memory.Add(await EmbeddedRound.RunAsync(load, onDisk: false, cancellation));
        }

        return new BenchResult(Median(disk), Median(memory), floor);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
