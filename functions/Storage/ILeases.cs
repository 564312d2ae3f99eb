using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>Name of a thing only one may do at a time, inside a tenant. Shaped as a document's id.</summary>
internal readonly record struct LeaseName(string Text);

/// <summary>A lease in hand.</summary>
/// <param name="Fence">
/// Grows with every grant of that lease. A write that carries an older fence is a late writer.
/// </param>
internal sealed record Lease(LeaseName Name, long Fence, DateTimeOffset ExpiresAt, string Holder);

internal abstract record LeaseOutcome
{
    private LeaseOutcome()
    {
    }

    public sealed record Granted(Lease Lease) : LeaseOutcome;

    /// <summary>Somebody else holds it until then, unless they release it first.</summary>
    public sealed record Taken(DateTimeOffset Until) : LeaseOutcome;
}

/// <summary>
/// Mutual exclusion that ends by itself. Holding a lease is a strong hint, not a proof: after
/// <see cref="Lease.ExpiresAt"/> another may hold it, so the write it protects is conditional as well.
/// </summary>
internal interface ILeases
{
    TenantId Tenant { get; }

    ValueTask<LeaseOutcome> AcquireAsync(LeaseName name, TimeSpan duration, CancellationToken cancellation);

    /// <summary>A later expiry, or null when the lease is no longer held.</summary>
    ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Ends it early. Nothing happens when it is no longer held.</summary>
    ValueTask ReleaseAsync(Lease lease, CancellationToken cancellation);
}
