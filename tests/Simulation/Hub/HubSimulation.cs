using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PracticPro.Simulation.Hub;

/// <summary>
/// Kills a working hub with SIGKILL, at seeded moments, and looks at what is left when a last start has finished:
/// every instance complete with the right result, every effect there, no logical call made under two keys.
/// </summary>
internal static class HubSimulation
{
    private const int EachKind = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        if (Arguments.Parse(words) is not { } arguments)
        {
            Console.Error.WriteLine("Usage: hub RUNS [--seed N]");
            return 2;
        }

        var failures = 0;
        for (var run = 0; run < arguments.Runs; run++)
        {
            // Each run has its own seed, so that one run can be repeated alone.
            var seed = unchecked(arguments.Seed + run);
            var faults = await RunOnceAsync(seed, cancellation);
            if (faults.Count > 0)
            {
                failures++;
                faults.ForEach(Console.Error.WriteLine);
                Console.Error.WriteLine($"Replay: scripts/simulate hub 1 --seed {seed}");
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(
            new { kind = "hub", runs = arguments.Runs, failures, seed = arguments.Seed }));
        return failures == 0 ? 0 : 1;
    }

    private static async Task<List<string>> RunOnceAsync(int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("hub-simulation-").FullName;
        var kills = random.Next(1, 4);

        // Every turn replayed, most of them, or none: what is in memory must not matter.
        var cached = random.GetItems([0, 5, 2_000], 1)[0];
        List<string> moments = [];
        for (var kill = 0; kill < kills; kill++)
        {
            // Half of them between two writes, half whenever it hits, in an answer, a sync or a turn.
            var atWrite = random.Next(2) == 0 ? random.Next(1, 1_500) : 0;
            var after = TimeSpan.FromMilliseconds(random.Next(0, 350));
            moments.Add(await KillAsync(Start(folder, atWrite, cached), atWrite, after, cancellation));
        }

        using var last = Start(folder, 0, cached);
        var faults = await EndAsync(last, cancellation)
            ? await HubVerdict.OfAsync(folder, EachKind, cancellation)
            : ["The last start did not complete the workload."];
        Console.WriteLine($"seed {seed}: {string.Join(", ", moments)}: {(faults.Count == 0 ? "whole" : "BROKEN")}");
        if (faults.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }

        return faults;
    }

    private static async Task<string> KillAsync(
        Process started,
        int atWrite,
        TimeSpan after,
        CancellationToken cancellation)
    {
        using var worker = started;
        if (atWrite == 0)
        {
            await worker.StandardOutput.ReadLineAsync(cancellation);
            await Task.Delay(after, TimeProvider.System, cancellation);
            worker.Kill();
        }

        await worker.WaitForExitAsync(cancellation);
        return worker.ExitCode == 0 ? "finished before" : atWrite > 0
            ? string.Create(CultureInfo.InvariantCulture, $"killed at write {atWrite}")
            : string.Create(CultureInfo.InvariantCulture, $"killed after {after.TotalMilliseconds} ms");
    }

    private static async Task<bool> EndAsync(Process worker, CancellationToken cancellation)
    {
        try
        {
            await worker.WaitForExitAsync(cancellation).WaitAsync(Patience, TimeProvider.System, cancellation);
            return worker.ExitCode == 0;
        }
        catch (TimeoutException)
        {
            worker.Kill();
            return false;
        }
    }

    private static Process Start(string folder, int killAtWrite, int cached)
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        var start = new ProcessStartInfo(self) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PracticPro.Simulation.dll"));
        }

        foreach (var word in (string[])["hub-worker", folder, Text(EachKind), Text(killAtWrite), Text(cached)])
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
