using System.Text.Json;
using PracticPro.Simulation.Hub;

namespace PracticPro.Simulation.Workers;

/// <summary>
/// One hub process and three worker processes over gRPC; any of them is killed with SIGKILL, at seeded moments, and
/// started again. When all is over every instance must have ended right, every effect be there, and no logical call have
/// been made under two keys.
/// </summary>
internal static class WorkersSimulation
{
    private const int Shares = 4;
    private const int Workers = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        if (Arguments.Parse(words) is not { } arguments)
        {
            Console.Error.WriteLine("Usage: workers RUNS [--seed N]");
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
                Console.Error.WriteLine($"Replay: scripts/simulate workers 1 --seed {seed}");
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(
            new { kind = "workers", runs = arguments.Runs, failures, seed = arguments.Seed }));
        return failures == 0 ? 0 : 1;
    }

    /// <summary>The world as one: what each worker process wrote down, in the order it was done.</summary>
    private static void Gather(string folder)
    {
        using var all = new EffectsFile(folder);
        var deliveries = Directory.GetDirectories(folder, $"{Parts.EffectsOf}*").SelectMany(EffectsFile.Read);
        foreach (var delivery in deliveries.OrderBy(delivery => delivery.At))
        {
            all.Append(delivery);
        }
    }

    private static async Task<List<string>> RunOnceAsync(int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("workers-simulation-").FullName;
        var port = FreePort.Take();
        List<string> story = [];
        await using var cast = new Cast(folder, port, Workers);
        await cast.StartAsync(cancellation);
        using var client = new WorkersClient(port);
        var work = client.DriveAsync(Shares, cancellation);
        for (var kills = random.Next(1, 5); kills > 0 && !work.IsCompleted; kills--)
        {
            var after = TimeSpan.FromMilliseconds(random.Next(0, 600));
            var victim = random.Next(Workers + 1);
            await Task.WhenAny(work, Task.Delay(after, TimeProvider.System, cancellation));
            story.Add($"{(victim == Workers ? "hub" : $"worker {victim}")} after {after.TotalMilliseconds} ms");
            await cast.KillAsync(victim, cancellation);
        }

        List<string> faults = [];
        try
        {
            await work.WaitAsync(Patience, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            faults.Add("The workload was not completed in time.");
        }

        await cast.EndAsync();
        Gather(folder);
        faults.AddRange(faults.Count > 0 ? [] : await HubVerdict.OfAsync(folder, Shares, cancellation));
        Console.WriteLine($"seed {seed}: killed {string.Join(", ", story)}: {(faults.Count == 0 ? "whole" : "BROKEN")}");
        if (faults.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }

        return faults;
    }
}
