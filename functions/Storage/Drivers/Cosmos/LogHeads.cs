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

/// <summary>
/// Takes turns by tenant, inside this process. A fixed number of lanes: two tenants may share one, and then wait for each
/// other, but nothing grows.
/// </summary>
internal sealed class Turns
{
    private readonly SemaphoreSlim[] lanes = [.. Enumerable.Range(0, 256).Select(static _ => new SemaphoreSlim(1))];

    public async Task<IDisposable> EnterAsync(TenantId tenant, CancellationToken cancellation)
    {
        var lane = lanes[(StringComparer.Ordinal.GetHashCode(tenant.Text) & int.MaxValue) % lanes.Length];
        await lane.WaitAsync(cancellation);
        return new Turn(lane);
    }

    private sealed class Turn(SemaphoreSlim lane) : IDisposable
    {
        public void Dispose() => lane.Release();
    }
}
