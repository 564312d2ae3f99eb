using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Benchmarks.Vault;

/// <summary>
/// How often the key store is asked. Ten practices work for an hour, each a piece of work every few seconds, of four to
/// twelve reads and writes; a ring with its usual options, a clock that is moved, and the calls to unwrap counted. Counted,
/// not measured: the figure is the same on every machine.
/// </summary>
internal static class UnwrapsRow
{
    private const int Tenants = 10;
    private const int Seed = 1;
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly RecordKind<Entry> Kind = new("bench-entry", 1, Purpose.Notes, static entry => entry.Id);

    /// <summary>Operations for one unwrap; a thousand divided by it is unwraps for a thousand operations.</summary>
    public static BenchRow Row { get; } =
        new("unwraps", "operations an unwrap", "50, which is 20 unwraps a thousand", 1, MeasureAsync);

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("bench-unwraps-").FullName;
        try
        {
            var clock = new MovedClock();
            using var vault = await LocalVault.OpenAsync(
                Path.Combine(folder, "keys", "local.keys"), clock, NullLogger.Instance, cancellation);
            await using var storage = SqliteStorage.Open(new EmbeddedStorageOptions { Folder = Path.Combine(folder, "data") }, clock);
            var counted = CountedKeys.Of(vault.KeyEncryption);
            using var ring = new KeyRing(storage, counted, clock, new KeyRingOptions());
            var operations = await WorkAsync(ring, storage, clock, cancellation);
            return new BenchResult((double)operations / ((CountedKeys)(object)counted).Unwraps, 50);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<long> WorkAsync(KeyRing ring, SqliteStorage storage, MovedClock clock, CancellationToken cancellation)
    {
        var random = new Random(Seed);
        var operations = 0L;
        while (clock.Elapsed < Long)
        {
            // Three seconds between two pieces of work of one practice, on average.
            clock.Elapsed += TimeSpan.FromSeconds(random.NextDouble() * 2 * 3 / Tenants);
            var tenant = TenantId.Parse($"practice-{random.Next(Tenants):D2}");
            var records = new SealedRecords(storage.For(tenant).Documents, await ring.OpenAsync(tenant, cancellation));
            var size = random.Next(4, 13);
            for (var at = 0; at < size; at++, operations++)
            {
                var id = $"entry-{random.Next(30):D2}";
                if (random.Next(10) < 1)
                {
                    await records.CommitAsync([records.Put(Kind, new Entry(id, "what it says"), Condition.Any)], cancellation);
                }
                else
                {
                    await records.FindAsync(Kind, id, cancellation);
                }
            }
        }

        return operations;
    }

    private sealed record Entry(string Id, string Text);

    /// <summary>Stands still until it is moved. Its timers never fire: keys that are over are not given out anyway.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override DateTimeOffset GetUtcNow() => Start + Elapsed;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Still();

        private sealed class Still : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

/// <summary>A key store whose unwraps are counted, whatever else it can do.</summary>
#pragma warning disable CA1852 // The proxy is a subclass that is made at run time.
internal class CountedKeys : DispatchProxy
#pragma warning restore CA1852
{
    private IKeyEncryption inner = null!;
    private int unwraps;

    public int Unwraps => unwraps;

    public static IKeyEncryption Of(IKeyEncryption inner)
    {
        var keys = Create<IKeyEncryption, CountedKeys>();
        ((CountedKeys)(object)keys).inner = inner;
        return keys;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IKeyEncryption.UnwrapAsync))
        {
            Interlocked.Increment(ref unwraps);
        }

        return targetMethod.Invoke(inner, BindingFlags.DoNotWrapExceptions, null, args, null);
    }
}
