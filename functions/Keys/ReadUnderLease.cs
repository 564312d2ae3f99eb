using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;
using PracticPro.Vault.Leases;

namespace PracticPro.Keys;

/// <summary>
/// Reads one record in a session that holds a lease and no key: of everything here, nothing can open the tenant's own keys
/// (STAFF-1; a test holds it). Each read is on the audit log before it opens (STAFF-2).
/// </summary>
internal sealed class ReadUnderLease(IStorage storage, LeaseWitness witness, TimeProvider time)
{
    /// <param name="session">Stays the caller's.</param>
    public async Task<Outcome<T>> RunAsync<T>(
        TenantId tenant, KeyLeaseId lease, SessionKey session, RecordKind<T> kind, string id, CancellationToken cancellation)
        where T : class
    {
        var records = new LeasedRecords(storage.For(tenant).Documents, witness, time);
        var outcome = await records.FindAsync(lease, session, kind, id, cancellation);
        return outcome.Try(out var record, out var why)
            ? record is null ? new KeysFailures.NoSuchRecord() : record
            : why;
    }
}
