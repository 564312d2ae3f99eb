using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals.Published;

/// <summary>
/// Puts a task before the practice's people. It gets on its list, that of a connected account or the practice's own, only
/// if one of them approves exactly it.
/// </summary>
internal sealed class ProposeTask(TenantScopes scopes, ITaskWriter tasks, PutUp putUp)
{
    /// <param name="Connection">The account whose list it goes on; null for the practice's own.</param>
    /// <param name="Basis">What this answers to; equal for equal occasions.</param>
    /// <param name="Because">Why it is proposed, for the approver.</param>
    public sealed record Proposal(Actor By, ConnectionId? Connection, TaskContent Task, string Basis, string Because);

    public async Task<Outcome<ApprovalId>> RunAsync(TenantId tenant, Proposal proposal, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var id = PutUp.IdOf(tenant, proposal.Connection, $"task\n{proposal.Basis}");
        if (await scope.FindAsync(ApprovalKinds.Approval, id.Text, cancellation) is not null)
        {
            return id;
        }

        EmailAddress? account = null;
        if (proposal.Connection is { } connection)
        {
            var standing = await tasks.StandingAsync(tenant, connection, cancellation);
            if (!standing.Try(out var stands, out var whyNot))
            {
                return whyNot;
            }

            account = stands.Mailbox;
        }

        return TaskDrafts.Write(proposal.Task).Try(out var task, out var why)
            ? await putUp.RunAsync(
                scope,
                id,
                new Origin(proposal.By, proposal.Connection, null, proposal.Because),
                new OutgoingTask(account, new TaskOrder(ApprovalMarks.Of(id, 1), task)),
                cancellation)
            : why;
    }
}
