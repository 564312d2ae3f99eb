using System.Globalization;

namespace PracticPro.Simulation;

/// <summary>The arguments every kind takes: <c>RUNS [--seed N]</c>. Without a seed: one from the clock.</summary>
internal sealed record Arguments(int Runs, int Seed)
{
    public static Arguments? Parse(string[] words)
    {
        var seed = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000);
        return words switch
        {
            [var runs] when TryNumber(runs, out var count) => new(count, seed),
            [var runs, "--seed", var given] when TryNumber(runs, out var count) && TryNumber(given, out var number) =>
                new(count, number),
            _ => null,
        };
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
