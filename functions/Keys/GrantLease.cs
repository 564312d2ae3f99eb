using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;
using PracticPro.Vault.Leases;

namespace PracticPro.Keys;

/// <summary>
/// An owner hands a session that holds no key the means to open a stated scope for a stated time (STAFF-2). Lease and leaf
/// are one write. What has run out is cleared away on the way: time alone does not take a key from whoever holds a wrap
/// and the session's key, deleting the wrap does.
/// </summary>
internal sealed class GrantLease(TenantScopes scopes, TimeProvider time)
{
    public const int LongestReason = 500;

    private const int MostClearedAtOnce = 20;

    /// <param name="Session">The session's public key, <see cref="SessionKey.Public"/>.</param>
    /// <param name="Reason">Why, in the owner's words. Goes into the audit log as a value of its own, not into a leaf.</param>
    public sealed record Order(
        ReadOnlyMemory<byte> Session, LeaseWish Wish, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Reason);

    public async Task<Outcome<KeyLeaseId>> RunAsync(SignedIn by, Order order, CancellationToken cancellation)
    {
        if (!by.May(Permission.LeaseKeys))
        {
            return new AccessFailures.NotAllowed();
        }

        if (string.IsNullOrWhiteSpace(order.Reason) || order.Reason.Length > LongestReason)
        {
            return new KeysFailures.NoReason();
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var made = await new MakeKeyLease(scope.Storage.Documents, scope.Keys, time)
            .RunAsync(order.Session, order.Wish, order.NotBefore, order.NotAfter, cancellation);
        if (!made.Try(out var lease, out var why))
        {
            return why;
        }

        Operation[] operations =
        [
            new Operation.Put(lease.ToDocument(), Condition.Absent),
            .. await ClearingAsync(scope, cancellation),
            .. scope.Audit.Compose(Entry(by, order, lease.Terms)),
        ];
        var outcome = await scope.Storage.Documents.CommitAsync(new Batch(operations), cancellation);
        return outcome is CommitOutcome.Committed
            ? lease.Terms.Id
            : throw new InvalidOperationException("A new lease's id was taken.");
    }

    private static AuditEntry Entry(SignedIn by, Order order, KeyLeaseTerms terms)
    {
        var entry = new AuditEntry(by.Actor, AuditAct.LeaseGranted)
            .On("key-lease", terms.Id.Text)
            .On("session-key", LeaseWitness.Thumbprint(terms))
            .Counting("not-before", terms.NotBefore.ToUnixTimeMilliseconds())
            .Counting("not-after", terms.NotAfter.ToUnixTimeMilliseconds())
            .With("reason", order.Reason);
        return terms.Scope switch
        {
            KeyLeaseScope.Whole whole => entry.On("purpose", whole.Purpose.Word()).Counting("generations", whole.Generations.Length),
            KeyLeaseScope.Chosen chosen => entry.Counting("values", chosen.Values.Length),
            _ => entry,
        };
    }

    /// <summary>Deletes leases that are over. The index is only where to look; the lease itself says when it ends.</summary>
    private async ValueTask<IEnumerable<Operation>> ClearingAsync(TenantScope scope, CancellationToken cancellation)
    {
        var page = await scope.Storage.Documents.ListAsync(
            new ListQuery(KeyLease.Documents, KeyLease.ByEnd, Limit: MostClearedAtOnce), cancellation);
        DocumentKey[] over =
        [
            .. page.Items
                .Where(stored => KeyLease.Of(scope.Tenant, stored.Document) is not { } lease || lease.Terms.NotAfter <= time.GetUtcNow())
                .Select(stored => stored.Document.Key),
        ];
        return over.Length == 0 ? [] : ErasureLedger.Compose(time, over);
    }
}
