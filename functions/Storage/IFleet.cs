using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>
/// The few things that are asked before a tenant is known, and the list of tenants. Holds keyed hashes and ids,
/// no content; it cannot open anything a tenant stored. Only Access, Sync's webhook and Hosting may use it
/// (an architecture test holds the list).
/// </summary>
internal interface IFleet
{
    /// <summary>Every tenant that has stored something, in ordinal order.</summary>
    IAsyncEnumerable<TenantId> TenantsAsync(CancellationToken cancellation);

    /// <summary>Who owns the entry, or null.</summary>
    ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation);

    /// <summary>
    /// Claims an entry. True when it is now, or already was, exactly this one; false when it is another's.
    /// </summary>
    ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation);

    /// <summary>Lets go of an entry if it is still exactly this one.</summary>
    ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation);
}

/// <param name="Directory">Which look-up: <c>sign-in</c>, <c>gmail-mailbox</c>, ….</param>
/// <param name="KeyedHash">
/// Hash of what is looked up, under a platform key: the directory cannot be read back.
/// </param>
internal readonly record struct FleetKey(string Directory, string KeyedHash);

/// <param name="Reference">An id inside the tenant, such as a person or a connection.</param>
internal readonly record struct FleetEntry(TenantId Tenant, string Reference);
