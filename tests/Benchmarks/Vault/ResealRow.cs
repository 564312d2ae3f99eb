using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Keys.Rotation;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Benchmarks.Vault;

/// <summary>
/// Records that a rotation seals anew in a second, unpaced: found by its walk in an embedded store, opened, sealed and stored
/// durably, a page of 250 after another. Against sealing alone: the same contents, and nothing read or stored.
/// </summary>
internal static class ResealRow
{
    private const int Records = 20_000;
    private const int PutsABatch = 90;
    private const string Use = "records";
    private static readonly TenantId Tenant = TenantId.Parse("bench-practice");
    private static readonly RecordKind<Entry> Kind = new("bench-entry", 1, Purpose.Records, static entry => entry.Id);
    private static readonly string Text = new('x', 1_000);

    public static BenchRow Row { get; } =
        new("reseal", "records/s", "sealing alone", 0.05, MeasureAsync);

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("bench-reseal-").FullName;
        try
        {
            using var vault = await LocalVault.OpenAsync(
                Path.Combine(folder, "keys", "local.keys"), TimeProvider.System, NullLogger.Instance, cancellation);
            await using var storage = SqliteStorage.Open(
                new EmbeddedStorageOptions { Folder = Path.Combine(folder, "data") }, TimeProvider.System);
            await FillAsync(storage, vault.KeyEncryption, cancellation);
            var next = await new DataKeyStore(storage.For(Tenant).Documents, vault.KeyEncryption, TimeProvider.System)
                .MakeAsync(Use, 2, null, cancellation);
            await storage.For(Tenant).Documents.CommitAsync(
                new Batch([new Operation.Put(next.ToDocument(), Condition.Absent)]), cancellation);
            using var ring = new KeyRing(storage, vault.KeyEncryption, TimeProvider.System, new KeyRingOptions());
            var baseline = Seal(await ring.OpenAsync(Tenant, cancellation));
            var ours = await ResealAsync(storage, ring, cancellation);
            return new BenchResult(ours, (baseline + Seal(await ring.OpenAsync(Tenant, cancellation))) / 2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(SqliteStorage storage, IKeyEncryption encryption, CancellationToken cancellation)
    {
        using var ring = new KeyRing(storage, encryption, TimeProvider.System, new KeyRingOptions());
        var records = new SealedRecords(storage.For(Tenant).Documents, await ring.OpenAsync(Tenant, cancellation));
        foreach (var numbers in Enumerable.Range(0, Records).Chunk(PutsABatch))
        {
            await records.CommitAsync(
                numbers.Select(number => records.Put(Kind, new Entry($"entry-{number:D6}", Text), Condition.Absent)), cancellation);
        }
    }

    private static async Task<double> ResealAsync(IStorage storage, KeyRing ring, CancellationToken cancellation)
    {
        var scopes = new TenantScopes(storage, ring, new QueueBell(), TimeProvider.System);
        var page = new ResealPage(new SealedKinds([Kind.Sealed], []), new RotationOptions());
        var now = TimeProvider.System.GetUtcNow();
        var rotation = new KeyRotation("bench", RotationReason.Asked, "bench", now, RotationStage.Reseal)
        {
            Generations = [new NewGeneration(Use, 2)],
            SealsFrom = now,
        };
        var from = Stopwatch.GetTimestamp();
        while (rotation.Stage == RotationStage.Reseal)
        {
            var stored = new StoredRotation(rotation, new DocumentVersion("1"));
            var scope = new RotationScope(await scopes.OpenAsync(Tenant, cancellation), stored, now);
            rotation = (await page.RunAsync(scope, cancellation)).Next;
        }

        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        return rotation.Resealed == Records
            ? Records / seconds
            : throw new InvalidOperationException("Not all was sealed anew.");
    }

    private static double Seal(TenantKeys keys)
    {
        var place = new SealContext("bench-entry", "entry-000000", "body", 1);
        var content = new byte[Text.Length + 40];
        var from = Stopwatch.GetTimestamp();
        var bytes = 0L;
        for (var at = 0; at < Records; at++)
        {
            bytes += keys.Seal(Purpose.Records, place, content).Length;
        }

        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        return bytes > 0 ? Records / seconds : throw new InvalidOperationException("Nothing was sealed.");
    }

    private sealed record Entry(string Id, string Text);
}
