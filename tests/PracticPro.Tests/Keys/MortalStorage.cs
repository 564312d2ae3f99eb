using System.Collections.Concurrent;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Keys;

/// <summary>Power that fails at a chosen write of documents: before it, or after it with the answer lost. It stays off then.</summary>
internal sealed class Power
{
    private int writes;
    private bool isOff;

    /// <summary>Number of the write it fails at, from 1; 0 for never.</summary>
    public int FailsAt { get; init; }

    public bool After { get; init; }

    /// <summary>Awaited by each write before anything of it is done.</summary>
    public Func<Task> Before { get; init; } = static () => Task.CompletedTask;

    /// <summary>Lists that were asked for.</summary>
    public ConcurrentQueue<ListQuery> Lists { get; } = [];

    public int Writes => writes;

    public bool Failed => isOff;

    public void ThrowIfOff()
    {
        if (isOff)
        {
            throw new PowerLostException();
        }
    }

    public async ValueTask<T> WriteAsync<T>(Func<ValueTask<T>> write)
    {
        ThrowIfOff();
        await Before();
        if (++writes != FailsAt)
        {
            return await write();
        }

        isOff = true;
        if (After)
        {
            await write();
        }

        throw new PowerLostException();
    }
}

internal sealed class PowerLostException() : Exception("The power is off.");

/// <summary>A store seen by a process whose power may fail.</summary>
internal sealed class MortalStorage(IStorage inner, Power power) : IStorage
{
    public ITenantStorage For(TenantId tenant) => new OfTenant(inner.For(tenant), power);

    private sealed class OfTenant(ITenantStorage inner, Power power) : ITenantStorage
    {
        public TenantId Tenant => inner.Tenant;

        public IDocuments Documents { get; } = new MortalDocuments(inner.Documents, power);

        public IAppendLog Logs => inner.Logs;

        public IQueue Queue => inner.Queue;

        public ILeases Leases => inner.Leases;

        public IBlobs Blobs => inner.Blobs;
    }

    private sealed class MortalDocuments(IDocuments inner, Power power) : IDocuments
    {
        public TenantId Tenant => inner.Tenant;

        public ValueTask<StoredDocument?> FindAsync(DocumentKey key, CancellationToken cancellation)
        {
            power.ThrowIfOff();
            return inner.FindAsync(key, cancellation);
        }

        public ValueTask<IReadOnlyList<StoredDocument?>> FindManyAsync(
            IReadOnlyList<DocumentKey> keys, CancellationToken cancellation)
        {
            power.ThrowIfOff();
            return inner.FindManyAsync(keys, cancellation);
        }

        public ValueTask<Page<StoredDocument>> ListAsync(ListQuery query, CancellationToken cancellation)
        {
            power.ThrowIfOff();
            power.Lists.Enqueue(query);
            return inner.ListAsync(query, cancellation);
        }

        public ValueTask<Page<StoredDocument>> WalkAsync(Cursor? after, int limit, CancellationToken cancellation)
        {
            power.ThrowIfOff();
            return inner.WalkAsync(after, limit, cancellation);
        }

        public ValueTask<CommitOutcome> CommitAsync(Batch batch, CancellationToken cancellation) =>
            power.WriteAsync(() => inner.CommitAsync(batch, cancellation));
    }
}
