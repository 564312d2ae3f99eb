using System.Globalization;

namespace PracticPro.Simulation.Backfill;

/// <summary>A large mailbox read whole by a server that is killed at seeded pages.</summary>
internal static class BackfillSimulation
{
    private const int Messages = 50_000;

    /// <param name="words"><c>RUNS [--messages N] [--seed N]</c></param>
    public static Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        var (messages, rest) = words is [var runs, "--messages", var count, .. var others]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? (wanted, [runs, .. others])
            : (Messages, words);
        return new SeededRuns("backfill", 1, (seed, folder, stop) => new BackfillRun(seed, folder, messages).RunAsync(stop))
            .RunAsync(rest, cancellation);
    }
}
