using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PracticPro.Simulation.Crash;

/// <summary>
/// The whole program, killed with SIGKILL at seeded moments while it reads a mailbox that changes and sends what was
/// approved. When all is quiet the sandbox's books are compared with ours: nothing lost, nothing sent twice, nothing
/// sent that nobody approved, the audit log whole.
/// </summary>
internal static class CrashSimulation
{
    private const int AtATime = 2;

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        if (Arguments.Parse(words) is not { } arguments)
        {
            Console.Error.WriteLine("Usage: crash RUNS [--seed N]");
            return 2;
        }

        var failures = 0;
        var clock = Stopwatch.StartNew();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
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
        Console.WriteLine(JsonSerializer.Serialize(
            new { kind = "crash", runs = arguments.Runs, failures, seed = arguments.Seed }));
        return failures == 0 ? 0 : 1;
    }

    private static async Task<bool> RunOnceAsync(int seed, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("crash-simulation-").FullName;
        var clock = Stopwatch.StartNew();
        CrashVerdict verdict;
        try
        {
            verdict = await new CrashRun(seed, folder).RunAsync(cancellation);
        }
        catch (Exception broken) when (broken is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            verdict = CrashVerdict.Stopped(broken);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {(verdict.Faults.Count == 0 ? "whole" : "BROKEN")} in {clock.Elapsed.TotalSeconds:F1} s; {verdict.Story}"));
        if (verdict.Faults.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }

        foreach (var fault in verdict.Faults)
        {
            Console.Error.WriteLine($"  seed {seed}: {fault}");
        }

        Console.Error.WriteLine($"  seed {seed}: kept in {folder}; replay: scripts/simulate crash 1 --seed {seed}");
        return false;
    }
}
