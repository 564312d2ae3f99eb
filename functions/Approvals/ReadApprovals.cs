using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Approvals;

/// <summary>Reads approvals for people.</summary>
internal sealed class ReadApprovals(TenantScopes scopes)
{
    /// <summary>Those in one state, the newest first.</summary>
    public async Task<Page<Approval>> ListAsync(
        TenantId tenant, ApprovalState state, int limit, Cursor? after, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var page = await scope.Records.ListAsync(
            ApprovalKinds.Approval, Approval.ByState, Approval.StatePrefix(state), ListOrder.Descending, limit, after, cancellation);
        return page.Select(item => item.Value);
    }

    public async Task<Outcome<Approval>> FindAsync(TenantId tenant, ApprovalId id, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(ApprovalKinds.Approval, id.Text, cancellation);
        return stored is null ? new ApprovalFailures.NoSuchApproval() : stored.Value;
    }
}
