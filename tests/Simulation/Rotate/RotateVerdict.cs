using System.Globalization;

namespace PracticPro.Simulation.Rotate;

/// <summary>How a run ended.</summary>
/// <param name="Resealed">Records that the rotation itself sealed anew.</param>
/// <param name="Seconds">How long the rotation took, with all its programs and their ends; of real time.</param>
/// <param name="WorkedSeconds">For how much of it records were being sealed anew.</param>
/// <param name="WalkSeconds">One walk through all documents, before anybody worked.</param>
internal sealed record RotateVerdict(
    RotateOrder Order,
    Tally Tally,
    long Resealed,
    double Seconds,
    double WorkedSeconds,
    double WalkSeconds,
    TimeSpan Took,
    IReadOnlyDictionary<FateKind, int> Fates,
    IReadOnlyList<string> Faults)
{
    public double ResealedPerSecond => WorkedSeconds > 0 ? Resealed / WorkedSeconds : 0;

    public bool Passed => Faults.Count == 0;

    public string Story => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Order.Seed}: {(Passed ? "whole" : "BROKEN")}; {Order.Records:N0} records, {Tally.Reads:N0} reads, {Tally.Writes:N0} writes "
        + $"({Tally.Conflicts:N0} made again after a conflict), keys opened again {Tally.Reopened:N0} times; {Resealed:N0} sealed anew, "
        + $"{ResealedPerSecond:N0} a second; {Took.TotalHours:F1} hours passed in {Seconds:F1} s; a walk through all took {WalkSeconds:F2} s; "
        + $"programs that rotated: {string.Join(", ", Fates.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Value} × {pair.Key}"))}");
}
