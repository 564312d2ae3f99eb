using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault.Leases;

namespace PracticPro.Keys;

/// <summary>
/// Ends every lease of a tenant. Part of destroying its keys and of answering a compromise: a lease's wrap does not hang on
/// the tenant's key-encryption key, so it must go itself. Needs no key of the tenant, and may be run again.
/// </summary>
internal sealed class EndLeases(IStorage storage, TimeProvider time)
{
    // A lease of thousands of values has a document near the limit: only some of those are read at once.
    private const int AtOnce = 20;

    /// <summary>How many there were. None: nothing is logged.</summary>
    public async Task<long> RunAsync(TenantId tenant, Actor by, CancellationToken cancellation)
    {
        var documents = storage.For(tenant).Documents;
        var ended = 0L;
        while (true)
        {
            var page = await documents.ListAsync(new ListQuery(KeyLease.Documents, KeyLease.ByEnd, Limit: AtOnce), cancellation);
            if (page.Items.Count == 0)
            {
                return ended;
            }

            var entry = new AuditEntry(by, AuditAct.LeaseRevoked).Counting("leases", page.Items.Count);
            var deletions = ErasureLedger.Compose(time, page.Items.Select(item => item.Document.Key));
            await documents.CommitAsync(new Batch([.. deletions, AuditTrail.ComposeLeaf(entry, time)]), cancellation);
            ended += page.Items.Count;
        }
    }
}
