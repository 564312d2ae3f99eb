using System.Collections.Concurrent;
using PracticPro.Kernel;

namespace PracticPro.Hosting.Functions.Workflows;

/// <summary>What this process remembers of its rounds.</summary>
internal sealed class RoundsMade
{
    private readonly ConcurrentDictionary<TenantId, bool> seen = new();
    private long lostRings;

    /// <summary>True once for each tenant.</summary>
    public bool IsFirstOf(TenantId tenant) => seen.TryAdd(tenant, true);

    /// <summary>One more; how many there are now.</summary>
    public long CountLostRing() => Interlocked.Increment(ref lostRings);
}
