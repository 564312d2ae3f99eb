using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Audit;

/// <summary>
/// Opens the audit log for a tenant. Each call opens the tenant's keys, which is cheap while the ring holds them. What
/// is opened is for one piece of work.
/// </summary>
internal sealed class AuditTrails(IStorage storage, KeyRing ring, ICheckpointSigner signer, TimeProvider time)
{
    public async ValueTask<AuditTrail> OpenAsync(TenantId tenant, CancellationToken cancellation) =>
        new(storage.For(tenant), await ring.OpenAsync(tenant, cancellation), time);

    public async ValueTask<EraseAuditValues> OpenErasureAsync(TenantId tenant, CancellationToken cancellation) =>
        new(storage.For(tenant), await ring.OpenAsync(tenant, cancellation), time);

    public async ValueTask<ExportAuditLog> OpenExportAsync(TenantId tenant, CancellationToken cancellation) =>
        new(storage.For(tenant), await ring.OpenAsync(tenant, cancellation), signer, time);

    /// <summary>Needs no tenant key: a checkpoint is over what is stored, and nothing is opened.</summary>
    public TakeCheckpoint Checkpoints(TenantId tenant) => new(storage.For(tenant), signer);
}
