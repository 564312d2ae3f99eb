using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Support;

internal sealed class MemoryLeases(TenantId tenant, Lock gate, TimeProvider time) : ILeases
{
    private readonly Dictionary<LeaseName, Lease> held = [];
    private readonly Dictionary<LeaseName, long> fences = [];

    public TenantId Tenant => tenant;

    public ValueTask<LeaseOutcome> AcquireAsync(LeaseName name, TimeSpan duration, CancellationToken cancellation)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (held.TryGetValue(name, out var other) && other.ExpiresAt > now)
            {
                return ValueTask.FromResult<LeaseOutcome>(new LeaseOutcome.Taken(other.ExpiresAt));
            }

            var fence = fences[name] = fences.GetValueOrDefault(name) + 1;
            var lease = new Lease(name, fence, now + duration, fence.ToString(CultureInfo.InvariantCulture));
            held[name] = lease;
            return ValueTask.FromResult<LeaseOutcome>(new LeaseOutcome.Granted(lease));
        }
    }

    public ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (!IsHeld(lease, now))
            {
                return ValueTask.FromResult<Lease?>(null);
            }

            var renewed = lease with { ExpiresAt = now + duration };
            held[lease.Name] = renewed;
            return ValueTask.FromResult<Lease?>(renewed);
        }
    }

    public ValueTask ReleaseAsync(Lease lease, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (IsHeld(lease, time.GetUtcNow()))
            {
                held.Remove(lease.Name);
            }

            return ValueTask.CompletedTask;
        }
    }

    private bool IsHeld(Lease lease, DateTimeOffset now) =>
        held.TryGetValue(lease.Name, out var current) && current.Fence == lease.Fence && current.ExpiresAt > now;
}
