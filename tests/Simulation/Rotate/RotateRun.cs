using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Kernel;
using PracticPro.Keys.Rotation;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Simulation.Rotate;

/// <summary>The stores as one process has them.</summary>
internal sealed record Stores(IStorage Storage, IFleet Fleet);

/// <summary>One practice over a store and a key file, worked on by several processes while its keys are changed.</summary>
/// <param name="another">Opens the stores for one more process. Null: all share an embedded store in the folder.</param>
internal sealed class RotateRun(RotateOrder order, string folder, Func<Task<Stores>>? another = null)
{
    private const int PutsABatch = 90;
    private const int BatchesAtOnce = 16;
    private static readonly TenantId Tenant = TenantId.Parse("practice-at-work");
    private readonly SwiftClock clock = new();
    private readonly WrittenSamples written = new(order.Records);
    private readonly Tally tally = new();

    public async Task<RotateVerdict> RunAsync(CancellationToken cancellation)
    {
        using var vault = await LocalVault.OpenAsync(
            Path.Combine(folder, "keys", "local.keys"), clock, NullLogger.Instance, cancellation);
        await using var embedded = another is null
            ? SqliteStorage.Open(new EmbeddedStorageOptions { Folder = Path.Combine(folder, "data") }, clock)
            : null;
        var open = another ?? (() => Task.FromResult(new Stores(embedded!, embedded!.Fleet)));
        var pacer = new Pacer(clock, order.Pace);
        var processes = new List<BusyProcess>();
        for (var number = 0; number < order.Processes; number++)
        {
            processes.Add(new BusyProcess(await open(), vault.KeyEncryption, clock));
        }

        processes.ForEach(process => pacer.WaitFor(process.KeepsUp));
        await FillAsync(processes[0]);
        var rest = new LookAtRest((await open()).Storage, Tenant);
        var walk = await TimeAsync(async () => await rest.WalkAsync().CountAsync(cancellation));
        var before = await rest.DataKeysAsync();

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pacing = Task.Run(() => pacer.RunAsync(done.Token), CancellationToken.None);
        var working = Work(processes, pacer, enough.Token);
        var rotators = new Rotators(order, await open(), vault.KeyEncryption, pacer, tally);
        var since = clock.GetTimestamp();
        var seconds = await TimeAsync(() => rotators.RunAsync(Tenant, cancellation));
        var took = clock.GetElapsedTime(since);
        await enough.CancelAsync();
        await working;
        await done.CancelAsync();
        await pacing;
        processes.ForEach(static process => process.Dispose());

        // Somebody who was not there sees what is left.
        using var late = new BusyProcess(await open(), vault.KeyEncryption, clock);
        List<string> faults = [.. tally.Faults, .. await rest.CompareAsync(late.Ring, written), .. await rest.FindOldAsync(before)];
        faults.AddRange(Unfinished(rotators.Rotation));
        return new RotateVerdict(
            order, tally, rotators.Rotation?.Resealed ?? 0, seconds, rotators.Sealing.TotalSeconds, walk, took, rotators.Fates, faults);
    }

    private static IEnumerable<string> Unfinished(KeyRotation? rotation)
    {
        if (rotation is not { IsUnderWay: false, Unknown: 0 })
        {
            yield return "The rotation did not finish, or met documents of a kind it does not know.";
        }

        if (rotation is { Kept.IsEmpty: false })
        {
            yield return $"Old keys were kept: {string.Join(", ", rotation.Kept)}.";
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var from = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    private async Task FillAsync(BusyProcess process)
    {
        var records = await process.OpenAsync(Tenant);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, order.Records).Chunk(PutsABatch),
            new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce },
            async (numbers, stop) => await records.CommitAsync(
                numbers.Select(number => records.Put(Sample.KindOf(number), Sample.Of(number, 0), Condition.Absent)), stop));
    }

    private Task Work(List<BusyProcess> processes, Pacer pacer, CancellationToken enough) => Task.WhenAll(
        Enumerable.Range(0, order.Workers).Select(who =>
        {
            var random = new Random(unchecked((order.Seed * 1_000) + who));
            var worker = new BusyWorker(
                processes[who % processes.Count], pacer, written, tally, Tenant, random, who, order.Workers);
            return Task.Run(() => worker.RunAsync(enough), CancellationToken.None);
        }));
}
