using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault.Leases;

namespace PracticPro.Keys;

/// <summary>
/// Ends a lease at once: its wrap is destroyed, with the leaf that says so and an entry in the ledger of erasures, so that a
/// restore does not bring it back. Sessions that are open fail at their next open, in every process.
/// </summary>
internal sealed class RevokeLease(TenantScopes scopes, TimeProvider time)
{
    public async Task<Outcome<Done>> RunAsync(SignedIn by, KeyLeaseId id, CancellationToken cancellation)
    {
        if (!by.May(Permission.LeaseKeys))
        {
            return new AccessFailures.NotAllowed();
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var key = KeyLease.KeyOf(id);
        if (await scope.Storage.Documents.FindAsync(key, cancellation) is null)
        {
            return new LeaseFailures.None();
        }

        var entry = new AuditEntry(by.Actor, AuditAct.LeaseRevoked).On("key-lease", id.Text);
        Operation[] operations = [.. ErasureLedger.Compose(time, [key]), .. scope.Audit.Compose(entry)];
        await scope.Storage.Documents.CommitAsync(new Batch(operations), cancellation);
        return Done.Value;
    }
}
