using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Support;

/// <summary>Kept by the steady clock, given out by the wall clock.</summary>
internal sealed class MemoryLeases(TenantId tenant, Lock gate, SteadyClock time) : ILeases
{
    private readonly Dictionary<LeaseName, Lease> held = [];
    private readonly Dictionary<LeaseName, long> fences = [];

    public TenantId Tenant => tenant;

    public ValueTask<LeaseOutcome> AcquireAsync(LeaseName name, TimeSpan duration, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        lock (gate)
        {
            if (held.TryGetValue(name, out var other) && other.ExpiresAt > time.Now)
            {
                return ValueTask.FromResult<LeaseOutcome>(new LeaseOutcome.Taken(time.OnTheWall(other.ExpiresAt)));
            }

            var fence = fences[name] = fences.GetValueOrDefault(name) + 1;
            held[name] = new Lease(name, fence, time.Now + duration, RandomNumberGenerator.GetHexString(16));
            return ValueTask.FromResult<LeaseOutcome>(new LeaseOutcome.Granted(Shown(held[name])));
        }
    }

    public ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        lock (gate)
        {
            if (Current(lease) is not { } current)
            {
                return ValueTask.FromResult<Lease?>(null);
            }

            var later = time.Now + duration;
            held[lease.Name] = current.ExpiresAt > later ? current : current with { ExpiresAt = later };
            return ValueTask.FromResult<Lease?>(Shown(held[lease.Name]));
        }
    }

    public ValueTask ReleaseAsync(Lease lease, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (Current(lease) is not null)
            {
                held.Remove(lease.Name);
            }

            return ValueTask.CompletedTask;
        }
    }

    private Lease Shown(Lease lease) => lease with { ExpiresAt = time.OnTheWall(lease.ExpiresAt) };

    private Lease? Current(Lease lease) =>
        held.TryGetValue(lease.Name, out var current)
        && current.Fence == lease.Fence && current.Holder == lease.Holder && current.ExpiresAt > time.Now
            ? current
            : null;
}
