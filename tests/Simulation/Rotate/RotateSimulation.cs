using System.Globalization;
using System.Text.Json;
using PracticPro.Keys.Rotation;

namespace PracticPro.Simulation.Rotate;

/// <summary>
/// A practice at work while all its keys are changed: the tenant's own and every data key. In every second run the programs that
/// rotate, one or two at once, are killed or put to sleep at seeded writes, and others go on; half of the runs are because keys
/// are compromised. Nothing may fail to be read, nothing written be lost, and nothing stay under an old key.
/// </summary>
internal static class RotateSimulation
{
    private const int Deaths = 12;

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        if (RotateArguments.Parse(words) is not { } arguments)
        {
            Console.Error.WriteLine("Usage: rotate RUNS [--records N] [--seed N]");
            return 2;
        }

        var verdicts = new List<RotateVerdict>();
        for (var run = 0; run < arguments.Runs; run++)
        {
            // Each run has its own seed, so that one run can be repeated alone; the seed also says which sort of run it is.
            var seed = unchecked(arguments.Seed + run);
            var order = seed % 2 == 0
                ? new RotateOrder(seed, arguments.Records)
                : new RotateOrder(seed, arguments.Records, Deaths, AtOnce: 1 + (seed / 2 % 2));
            order = order with { Reason = seed / 4 % 2 == 0 ? RotationReason.Asked : RotationReason.Compromised };
            verdicts.Add(await RunOnceAsync(order, cancellation));
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            kind = "rotate",
            runs = arguments.Runs,
            failures = verdicts.Count(static verdict => !verdict.Passed),
            seed = arguments.Seed,
            records = arguments.Records,
            reads = verdicts.Sum(static verdict => verdict.Tally.Reads),
            writes = verdicts.Sum(static verdict => verdict.Tally.Writes),
            failedReads = verdicts.Sum(static verdict => verdict.Tally.FailedReads),
            failedWrites = verdicts.Sum(static verdict => verdict.Tally.FailedWrites),
            resealed = verdicts.Sum(static verdict => verdict.Resealed),
            resealedPerSecond = Math.Round(verdicts.Average(static verdict => verdict.ResealedPerSecond)),
            seconds = Math.Round(verdicts.Sum(static verdict => verdict.Seconds), 1),
            passed = verdicts.TrueForAll(static verdict => verdict.Passed),
        }));
        return verdicts.TrueForAll(static verdict => verdict.Passed) ? 0 : 1;
    }

    private static async Task<RotateVerdict> RunOnceAsync(RotateOrder order, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("rotate-simulation-").FullName;
        var verdict = await new RotateRun(order, folder).RunAsync(cancellation);
        Console.WriteLine(verdict.Story);
        if (verdict.Passed)
        {
            Directory.Delete(folder, recursive: true);
            return verdict;
        }

        foreach (var fault in verdict.Faults)
        {
            Console.Error.WriteLine($"  {fault}");
        }

        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  kept in {folder}; replay: scripts/simulate rotate 1 --records {order.Records} --seed {order.Seed}"));
        return verdict;
    }
}
