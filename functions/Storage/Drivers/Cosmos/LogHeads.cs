using System.Collections.Concurrent;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Where each log goes on, as far as this process knows: a guess that saves a query. The name of a chunk is what decides;
/// a guess that proves wrong is forgotten. Also one turn at a time for those who append for the same tenant in this process,
/// which saves them from meeting each other there.
/// </summary>
internal sealed class LogHeads
{
    private const int Most = 20_000;
    private readonly ConcurrentDictionary<(TenantId Tenant, LogName Log), long> heads = new();
    private readonly Turns turns = new();

    public Task<IDisposable> EnterAsync(TenantId tenant, CancellationToken cancellation) => turns.EnterAsync(tenant, cancellation);

    public long? Find(TenantId tenant, LogName log) => heads.TryGetValue((tenant, log), out var next) ? next : null;

    public void Remember(TenantId tenant, LogName log, long next)
    {
        if (heads.Count > Most)
        {
            heads.Clear();
        }

        heads[(tenant, log)] = next;
    }

    public void Forget(TenantId tenant, LogName log) => heads.TryRemove((tenant, log), out _);
}

/// <summary>Takes turns by tenant, inside this process. A tenant nobody waits for is forgotten.</summary>
internal sealed class Turns
{
    private readonly Dictionary<TenantId, Lane> lanes = [];

    public async Task<IDisposable> EnterAsync(TenantId tenant, CancellationToken cancellation)
    {
        Lane? lane;
        lock (lanes)
        {
            if (!lanes.TryGetValue(tenant, out lane))
            {
                lanes[tenant] = lane = new Lane();
            }

            lane.Users++;
        }

        try
        {
            await lane.Free.WaitAsync(cancellation);
        }
        catch
        {
            Leave(tenant, lane);
            throw;
        }

        return new Turn(this, tenant, lane);
    }

    private void Leave(TenantId tenant, Lane lane)
    {
        lock (lanes)
        {
            if (--lane.Users == 0)
            {
                lanes.Remove(tenant);
            }
        }
    }

    private sealed class Lane
    {
        public SemaphoreSlim Free { get; } = new(1);

        /// <summary>Who has the turn or waits for it; under the lock of all lanes.</summary>
        public int Users { get; set; }
    }

    private sealed class Turn(Turns turns, TenantId tenant, Lane lane) : IDisposable
    {
        public void Dispose()
        {
            lane.Free.Release();
            turns.Leave(tenant, lane);
        }
    }
}
