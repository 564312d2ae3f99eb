using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>
/// Ends every session of a practice: everybody has to sign in anew. A session is looked up in the store at every request
/// (<see cref="Sessions"/>) and kept nowhere else, so each process turns the old cookies away at its next request.
/// <list type="bullet">
/// <item>Sessions are not opened: one that was tampered with, or whose key is gone, is ended like any other.</item>
/// <item>Page by page, each with its leaf and its entry in the ledger of erasures: after a crash, run again. A run that
/// finds nothing writes nothing.</item>
/// <item>Ends as well what is opened while it runs, until it finds none; a sign-in after that is a new one.</item>
/// </list>
/// </summary>
internal sealed class EndAllSessions(TenantScopes scopes)
{
    // Some room in a batch (Batch.MaximumOperations) is for the leaf and the ledger.
    private const int PageSize = 90;

    /// <summary>Why; stands in the leaf.</summary>
    internal enum Reason
    {
        /// <summary>Somebody may hold a cookie, or a key it is kept under, who should not.</summary>
        Compromised,

        /// <summary>A person asked to be signed out everywhere.</summary>
        Asked,
    }

    /// <summary>How many were ended by this run.</summary>
    public async Task<long> RunAsync(TenantId tenant, Actor actor, Reason reason, CancellationToken cancellation)
    {
        for (var ended = 0L; ;)
        {
            // Opened for each page: a handle's keys run out after minutes.
            var scope = await scopes.OpenAsync(tenant, cancellation);
            var page = await scope.Storage.Documents.ListAsync(
                new ListQuery(AccessKinds.Session.Documents, Session.ByExpiry, Limit: PageSize), cancellation);
            if (page.Items.Count == 0)
            {
                return ended;
            }

            var entry = new AuditEntry(actor, AuditAct.SessionsEnded)
                .On("reason", IndexText.State(reason)).Counting("sessions", page.Items.Count);
            var deletions = page.Items.Select(
                found => scope.Delete(AccessKinds.Session, found.Document.Key.Id, Condition.Is(found.Version)));

            // Lost: somebody ended one of them meanwhile. What is left is looked at again, so that none counts twice.
            if (await scope.CommitAsync(entry, deletions, cancellation) is CommitOutcome.Committed)
            {
                ended += page.Items.Count;
            }
        }
    }
}
