using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Audit;

/// <summary>Shows the log to a person, a page at a time. That they looked is in the log too: one leaf a page (AUD-2).</summary>
internal sealed class ReadAudit(TenantScopes scopes)
{
    public async Task<Outcome<Page<AuditRecord>>> RunAsync(
        TenantId tenant, Actor reader, int limit, Cursor? after, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var page = await scope.Audit.PageAsync(limit, after, cancellation);
        if (!page.Try(out var read, out var why))
        {
            return why;
        }

        // Written before anything is shown: a look that cannot be logged is not had.
        var entry = new AuditEntry(reader, AuditAct.AuditRead).Counting("entries", read.Items.Count);
        return await scope.CommitAsync(entry, [], cancellation) is CommitOutcome.Committed
            ? read
            : throw new InvalidOperationException("A leaf without a condition was refused.");
    }
}
