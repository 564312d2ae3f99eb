using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PracticPro.Simulation.Hub;

/// <summary>
/// One hub, killed with SIGKILL at as many seeded points as there are runs: half of them before a chosen write, half
/// whenever it hits, while it opens, in an answer, a sync or a turn. Every life is given one more share of the work, so
/// that 500 runs are 10,000 sequences of three activities and 2,500 instances of other kinds. Then a last start
/// finishes, and every row is looked at.
/// </summary>
internal static class HubSimulation
{
    /// <summary>Shares a start asks for again, beside its own: asking is idempotent. The last start asks for all.</summary>
    private const int AskedAgain = 3;

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        if (Arguments.Parse(words) is not { Runs: > 0 } arguments)
        {
            Console.Error.WriteLine("Usage: hub RUNS [--seed N]");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("hub-simulation-").FullName;
        var watch = Stopwatch.StartNew();
        var faults = await RunAsync(folder, arguments, cancellation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(faults.Count == 0 ? "Whole" : "BROKEN")} after {watch.Elapsed.TotalSeconds:F0} s"));
        faults.ForEach(Console.Error.WriteLine);
        if (faults.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            Console.Error.WriteLine(
                $"Kept in {folder}; replay: scripts/simulate hub {arguments.Runs} --seed {arguments.Seed}");
        }

        Console.WriteLine(JsonSerializer.Serialize(
            new { kind = "hub", runs = arguments.Runs, failures = faults.Count, seed = arguments.Seed }));
        return faults.Count == 0 ? 0 : 1;
    }

    private static async Task<List<string>> RunAsync(string folder, Arguments arguments, CancellationToken cancellation)
    {
        var clock = SteadyClock.New();
        var sequences = arguments.Runs * HubWorkload.SequencesAShare;
        var others = (arguments.Runs * HubWorkload.InstancesAShare) - sequences;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sequences:N0} sequences of three activities and {others:N0} other instances, {arguments.Runs} kills, seed {arguments.Seed}"));
        if (await ProbeAsync(clock, cancellation) is not { } calm)
        {
            return ["A hub that nobody killed did not do its work."];
        }

        if (await KillAsync(folder, clock, calm, arguments, cancellation) is { } broken)
        {
            return [broken];
        }

        var (end, took, _) = await HubLife.Calm(arguments.Runs, cached: 2_000).LiveAsync(folder, clock, cancellation);
        if (end != HubEnd.Finished)
        {
            return ["The last start did not complete the workload."];
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The last start finished in {took.TotalSeconds:F1} s"));
        return await HubVerdict.OfAsync(folder, arguments.Runs, cancellation);
    }

    /// <summary>What one share takes in a life that is not cut short: kills are spread over that much time and writes.</summary>
    private static async Task<(TimeSpan Took, int Writes)?> ProbeAsync(SteadyClock clock, CancellationToken cancellation)
    {
        var scratch = Directory.CreateTempSubdirectory("hub-simulation-").FullName;
        try
        {
            // The first start reads the program from disk; the second is like those to come.
            await HubLife.Calm(1, cached: 0).LiveAsync(scratch, clock, cancellation);
            var second = new HubLife(1, 2, 0, null, Cached: 0);
            var (end, took, writes) = await second.LiveAsync(scratch, clock, cancellation);
            return end == HubEnd.Finished ? (took, writes) : null;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <returns>Null, or what broke.</returns>
    private static async Task<string?> KillAsync(
        string folder,
        SteadyClock clock,
        (TimeSpan Took, int Writes) calm,
        Arguments arguments,
        CancellationToken cancellation)
    {
        var random = new Random(arguments.Seed);
        var ends = new Dictionary<HubEnd, int>();
        for (var run = 1; run <= arguments.Runs; run++)
        {
            var life = Draw(random, run, calm);
            var (end, _, _) = await life.LiveAsync(folder, clock, cancellation);
            if (end == HubEnd.Broken)
            {
                return $"Start {run} ended by itself: {life}";
            }

            ends[end] = ends.GetValueOrDefault(end) + 1;
            if (run % 25 == 0 || run == arguments.Runs)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{run} of {arguments.Runs} kills: {Count(HubEnd.KilledAtWrite)} before a write, "
                    + $"{Count(HubEnd.KilledAtMoment)} whenever it hit, {Count(HubEnd.KilledAtRest)} at rest; "
                    + $"{clock.SinceNew.TotalSeconds:F0} s"));
            }
        }

        return null;

        int Count(HubEnd end) => ends.GetValueOrDefault(end);
    }

    private static HubLife Draw(Random random, int run, (TimeSpan Took, int Writes) calm)
    {
        var from = Math.Max(0, run - 1 - AskedAgain);
        var fraction = random.NextDouble();

        // Every turn replayed, most of them, or none: what is in memory must not matter.
        var cached = random.GetItems([0, 5, 2_000], 1)[0];
        return random.Next(2) == 0
            ? new HubLife(from, run, 1 + (int)(calm.Writes * fraction), null, cached)
            : new HubLife(from, run, 0, calm.Took * fraction, cached);
    }
}
