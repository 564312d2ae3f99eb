namespace PracticPro.Benchmarks;

/// <summary>
/// One row of the table: our figure and the one it is held against, measured side by side in the same run.
/// </summary>
/// <param name="Name">The word that picks the row on the command line.</param>
/// <param name="Unit">What both figures count; larger is better.</param>
/// <param name="Baseline">What the second figure is of.</param>
/// <param name="AtLeast">The ratio we hold ourselves to.</param>
/// <param name="Measure">Runs both sides, alternating, and gives the middle.</param>
internal sealed record BenchRow(
    string Name,
    string Unit,
    string Baseline,
    double AtLeast,
    Func<CancellationToken, Task<BenchResult>> Measure);

/// <param name="AlsoAtLeast">A figure of its own that ours must reach, where there is one.</param>
internal sealed record BenchResult(double Ours, double Baseline, double? AlsoAtLeast = null)
{
    public double Ratio => Ours / Baseline;

    /// <summary>The round in the middle by its ratio: what slows the machine for a while slows both sides of a round.</summary>
    public static BenchResult Middle(IReadOnlyCollection<BenchResult> rounds) =>
        rounds.OrderBy(static round => round.Ratio).ElementAt(rounds.Count / 2);
}
