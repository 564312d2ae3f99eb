using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>
/// The door to stored things: it opens for one tenant at a time. Opening is cheap; what is opened may be kept.
/// </summary>
internal interface IStorage
{
    ITenantStorage For(TenantId tenant);
}

/// <summary>Everything stored for one tenant.</summary>
internal interface ITenantStorage
{
    TenantId Tenant { get; }

    IDocuments Documents { get; }

    IAppendLog Logs { get; }

    IQueue Queue { get; }

    ILeases Leases { get; }

    IBlobs Blobs { get; }
}
