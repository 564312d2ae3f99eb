using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PracticPro.Simulation.Crash;

namespace PracticPro.Simulation;

/// <summary>
/// Makes runs with a seed each, in a folder each. A broken one keeps its folder and says how to play it again. The last
/// line is JSON: <c>{"kind","runs","failures","seed"}</c>.
/// </summary>
/// <param name="atATime">Runs side by side.</param>
/// <param name="play">Makes the run of a seed in an empty folder.</param>
internal sealed class SeededRuns(string kind, int atATime, Func<int, string, CancellationToken, Task<CrashVerdict>> play)
{
    /// <summary>Every run has its line; otherwise only a broken one.</summary>
    public bool TellsOfAll { get; init; } = true;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        if (Arguments.Parse(words) is not { } arguments)
        {
            Console.Error.WriteLine($"Usage: {kind} RUNS [--seed N]");
            return 2;
        }

        var failures = 0;
        var clock = Stopwatch.StartNew();
        var options = new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancellation };
        await Parallel.ForAsync(0, arguments.Runs, options, async (run, stop) =>
        {
            // Each run has its own seed, so that one run can be repeated alone.
            if (!await RunOnceAsync(unchecked(arguments.Seed + run), stop))
            {
                Interlocked.Increment(ref failures);
            }
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{arguments.Runs} runs in {clock.Elapsed.TotalSeconds:F1} s"));
        Console.WriteLine(JsonSerializer.Serialize(new { kind, runs = arguments.Runs, failures, seed = arguments.Seed }));
        return failures == 0 ? 0 : 1;
    }

    private async Task<bool> RunOnceAsync(int seed, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory($"{kind}-simulation-").FullName;
        var clock = Stopwatch.StartNew();
        CrashVerdict verdict;
        try
        {
            verdict = await play(seed, folder, cancellation);
        }
        catch (Exception broken)
        {
            verdict = CrashVerdict.Stopped(broken);
        }

        if (cancellation.IsCancellationRequested)
        {
            Directory.Delete(folder, recursive: true);
            cancellation.ThrowIfCancellationRequested();
        }

        if (TellsOfAll || verdict.Faults.Count > 0)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"seed {seed}: {(verdict.Faults.Count == 0 ? "whole" : "BROKEN")} in {clock.Elapsed.TotalSeconds:F1} s; {verdict.Story}"));
        }

        if (verdict.Faults.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }

        foreach (var fault in verdict.Faults)
        {
            Console.Error.WriteLine($"  seed {seed}: {fault}");
        }

        Console.Error.WriteLine($"  seed {seed}: kept in {folder}; replay: scripts/simulate {kind} 1 --seed {seed}");
        return false;
    }
}
