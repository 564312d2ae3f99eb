using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Support;

/// <summary>
/// The storage ports in memory, as faithful as a driver: conditions, versions, declared indexes, cursors, atomic
/// batches, fences and receipts. For tests of what stands on Storage; it survives nothing.
/// </summary>
internal sealed class MemoryStorage(TimeProvider time) : IStorage
{
    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, MemoryTenant> tenants = [];

    public ITenantStorage For(TenantId tenant) => Tenant(tenant);

    /// <summary>The same, with what only tests may do: look at and change what is stored.</summary>
    public MemoryTenant Tenant(TenantId tenant)
    {
        lock (gate)
        {
            if (!tenants.TryGetValue(tenant, out var found))
            {
                found = new MemoryTenant(tenant, time);
                tenants.Add(tenant, found);
            }

            return found;
        }
    }
}

/// <summary>One tenant's memory. All parts share one gate, so that a batch is seen whole or not at all.</summary>
internal sealed class MemoryTenant : ITenantStorage
{
    private readonly MemoryDocuments documents;

    public MemoryTenant(TenantId tenant, TimeProvider time)
    {
        Tenant = tenant;
        var gate = new Lock();
        var logs = new MemoryLogs(tenant, gate);
        var steady = new SteadyClock(time);
        var queue = new MemoryQueue(tenant, gate, steady);
        documents = new MemoryDocuments(tenant, gate, logs, queue);
        (Logs, Queue) = (logs, queue);
        Leases = new MemoryLeases(tenant, gate, steady);
        Blobs = new MemoryBlobs(tenant, gate);
    }

    public TenantId Tenant { get; }

    public IDocuments Documents => documents;

    public IAppendLog Logs { get; }

    public IQueue Queue { get; }

    public ILeases Leases { get; }

    public IBlobs Blobs { get; }

    /// <summary>Batches carried out so far.</summary>
    public int Commits => documents.Commits;

    /// <summary>Everything stored now, as somebody who holds the database would see it.</summary>
    public IReadOnlyList<Document> Everything() => documents.Everything();

    /// <summary>Writes past every rule, as somebody who holds the database could.</summary>
    public void Overwrite(Document document) => documents.Overwrite(document);

    /// <summary>Removes past every rule.</summary>
    public void Remove(DocumentKey key) => documents.Remove(key);
}

/// <summary>
/// A time of day that only elapsing time moves: setting the wall clock neither ends nor lengthens a hold.
/// </summary>
internal sealed class SteadyClock(TimeProvider time)
{
    private readonly DateTimeOffset origin = time.GetUtcNow();
    private readonly long from = time.GetTimestamp();

    public DateTimeOffset Now => origin + time.GetElapsedTime(from);

    /// <summary>The same moment as the wall clock shows it now.</summary>
    public DateTimeOffset OnTheWall(DateTimeOffset steady) => time.GetUtcNow() + (steady - Now);
}

internal sealed class MemoryLogs(TenantId tenant, Lock gate) : IAppendLog
{
    private readonly Dictionary<LogName, List<byte[]>> logs = [];

    public TenantId Tenant => tenant;

    public ValueTask<long> CountAsync(LogName log, CancellationToken cancellation)
    {
        lock (gate)
        {
            return ValueTask.FromResult<long>(logs.TryGetValue(log, out var entries) ? entries.Count : 0);
        }
    }

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        LogName log, long from, int count, CancellationToken cancellation)
    {
        lock (gate)
        {
            var entries = logs.TryGetValue(log, out var found) ? found : [];
            return ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>(
                [.. entries.Skip(checked((int)from)).Take(count).Select(entry => new ReadOnlyMemory<byte>([.. entry]))]);
        }
    }

    /// <summary>Needs the gate.</summary>
    public long Append(LogName log, ReadOnlyMemory<byte> entry)
    {
        if (!logs.TryGetValue(log, out var entries))
        {
            logs.Add(log, entries = []);
        }

        entries.Add(entry.ToArray());
        return entries.Count - 1;
    }
}
