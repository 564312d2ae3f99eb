using System.Globalization;
using PracticPro.Keys.Rotation;

namespace PracticPro.Simulation.Rotate;

/// <summary>What one run is to be.</summary>
/// <param name="Records">How many sealed records the practice has.</param>
/// <param name="Deaths">How many programs that rotate meet a bad end before one may finish.</param>
/// <param name="AtOnce">How many of them try at once.</param>
internal sealed record RotateOrder(int Seed, int Records, int Deaths = 0, int AtOnce = 1)
{
    /// <summary>The end each program meets, and at which write, one after the other. Empty: they are drawn.</summary>
    public IReadOnlyList<(FateKind Kind, int At)> Planned { get; init; } = [];

    public Pace Pace { get; init; } = new(TimeSpan.FromSeconds(1), 1);

    public RotationReason Reason { get; init; } = RotationReason.Asked;

    public RotationOptions Rotation { get; init; } = new();

    /// <summary>Processes of the practice.</summary>
    public int Processes { get; init; } = 3;

    public int WorkersAProcess { get; init; } = 3;

    public int Workers => Processes * WorkersAProcess;
}

/// <summary>How fast hours pass while all who rotate wait for them.</summary>
/// <param name="Step">How far time moves at once; at most <see cref="Vault.KeyRevocations.Every"/>.</param>
/// <param name="StepsAPause">Steps between two pauses of a millisecond.</param>
internal sealed record Pace(TimeSpan Step, int StepsAPause);

/// <summary>The arguments: <c>RUNS [--records N] [--seed N]</c>.</summary>
internal sealed record RotateArguments(int Runs, int Records, int Seed)
{
    private const int UsualRecords = 100_000;

    public static RotateArguments? Parse(string[] words)
    {
        var records = Array.IndexOf(words, "--records");
        var count = UsualRecords;
        if (records >= 0)
        {
            if (records + 1 >= words.Length
                || !int.TryParse(words[records + 1], NumberStyles.None, CultureInfo.InvariantCulture, out count)
                || count < 100)
            {
                return null;
            }

            words = [.. words[..records], .. words[(records + 2)..]];
        }

        return Arguments.Parse(words) is { Runs: > 0 } usual ? new(usual.Runs, count, usual.Seed) : null;
    }
}
