using System.Collections.Concurrent;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Support;

/// <summary>The fleet's entries in memory. Its tenants are those that entered something.</summary>
internal sealed class MemoryFleet : IFleet
{
    public ConcurrentDictionary<FleetKey, FleetEntry> Entries { get; } = new();

    public async IAsyncEnumerable<TenantId> TenantsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await ValueTask.CompletedTask;
        foreach (var tenant in Entries.Values.Select(entry => entry.Tenant).Distinct().OrderBy(tenant => tenant.Text, StringComparer.Ordinal))
        {
            yield return tenant;
        }
    }

    public ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation) =>
        ValueTask.FromResult<FleetEntry?>(Entries.TryGetValue(key, out var found) ? found : null);

    public ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) =>
        ValueTask.FromResult(Entries.GetOrAdd(key, entry) == entry);

    public ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
    {
        Entries.TryRemove(new KeyValuePair<FleetKey, FleetEntry>(key, entry));
        return ValueTask.CompletedTask;
    }
}

/// <summary>One process's way to a fleet: something may come in between any two of its steps.</summary>
/// <param name="before">Told the number of the step, from 1, and whether it writes.</param>
internal sealed class SteppedFleet(IFleet fleet, Func<int, bool, Task> before) : IFleet
{
    private int steps;

    public IAsyncEnumerable<TenantId> TenantsAsync(CancellationToken cancellation) => fleet.TenantsAsync(cancellation);

    public async ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation)
    {
        await before(++steps, false);
        return await fleet.FindAsync(key, cancellation);
    }

    public async ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
    {
        await before(++steps, true);
        return await fleet.ClaimAsync(key, entry, cancellation);
    }

    public async ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
    {
        await before(++steps, true);
        await fleet.ReleaseAsync(key, entry, cancellation);
    }
}
