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
    public static BenchRow Sequence { get; } = Row("durable", new SequenceLoad(1_000), 0.5, MustBeat);

    /// <summary>200 instances of fifty activities at once.</summary>
    public static BenchRow FanOut { get; } = Row("durable-fan-out", new FanOutLoad(200), 0.4, null);

    /// <summary>1,000 instances that wait for an event, all of them waiting before the first is raised.</summary>
    public static BenchRow Events { get; } = Row("durable-events", new EventsLoad(1_000), 0.4, null);

    /// <summary>The sequences again, by a worker and a client that reach the hub over gRPC.</summary>
    public static BenchRow Served { get; } = new(
        "durable-served",
        "orchestrations/s",
        "the same hub embedded",
        0.1,
        async cancellation =>
        {
            var load = new SequenceLoad(1_000);
            return await MeasureAsync(
                () => ServedRound.RunAsync(load, cancellation),
                () => EmbeddedRound.RunAsync(load, onDisk: true, cancellation),
                floor: null);
        });

    private static BenchRow Row(string name, DurableLoad load, double atLeast, double? floor) => new(
        name,
        "orchestrations/s",
        "the same hub in memory",
        atLeast,
        cancellation => MeasureAsync(
            () => EmbeddedRound.RunAsync(load, onDisk: true, cancellation),
            () => EmbeddedRound.RunAsync(load, onDisk: false, cancellation),
            floor));

    private static async Task<BenchResult> MeasureAsync(
        Func<Task<double>> measure, Func<Task<double>> measureBaseline, double? floor)
    {
        // One round each to warm up; then alternating, so that a slow minute of the machine meets both.
        await measure();
        await measureBaseline();
        List<double> ours = [];
        List<double> baseline = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await measure());
            baseline.Add(await measureBaseline());
        }

        return new BenchResult(Median(ours), Median(baseline), floor);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
