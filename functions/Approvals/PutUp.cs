using System.Security.Cryptography;
using System.Text;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>Who proposes, by which account, and why.</summary>
/// <param name="Because">For the approver.</param>
internal sealed record Origin(Actor By, ConnectionId? Connection, string? ThreadId, string Because);

/// <summary>
/// Puts an action before the practice's people: as the bytes that would leave, with what the gates say, a digest over both,
/// and a workflow that waits for a decision.
/// </summary>
internal sealed class PutUp(ComposeAction compose, GatherGateFacts gather, TimeProvider time)
{
    /// <summary>The same occasion always has the same approval, so that proposing twice proposes once.</summary>
    public static ApprovalId IdOf(TenantId tenant, ConnectionId? connection, string basis) => ApprovalId.From(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{connection?.Text}\n{basis}")));

    public async Task<Outcome<ApprovalId>> RunAsync(
        TenantScope scope, ApprovalId id, Origin origin, OutgoingAction action, CancellationToken cancellation)
    {
        var composed = await compose.RunAsync(scope, id, origin.Connection, action, cancellation);
        if (!composed.Try(out var whole, out var why))
        {
            return why;
        }

        var now = time.GetUtcNow();
        var blank = new Approval(
            id,
            origin.Connection,
            origin.ThreadId,
            ApprovalState.Waiting,
            Revision: 1,
            action,
            Outgoing: [],
            OutgoingSha256: [],
            Write: null,
            Digest: default,
            Gates: [],
            origin.By,
            now,
            now + Approval.Lifetime,
            origin.Because);
        var facts = await gather.RunAsync(scope, blank, action, approver: null, cancellation);
        var approval = Approval.Revise(blank, whole, SixGates.Evaluate(facts));
        var entry = new AuditEntry(origin.By, AuditAct.ApprovalProposed).On("approval", id.Text);
        var outcome = await scope.CommitAsync(
            origin.Connection is { } connection ? entry.On("connection", connection.Text) : entry,
            [
                scope.Put(ApprovalKinds.Approval, approval, Condition.Absent),
                WorkflowOutbox.Start(
                    AwaitApproval.Name,
                    AwaitApproval.InstanceOf(scope.Tenant, id),
                    new AwaitApproval.Input(scope.Tenant, id),
                    $"await.{id}"),
            ],
            cancellation);

        // Losing the write means that the same was proposed at the same time: there is one, and that is what counts.
        return outcome is CommitOutcome.Committed or CommitOutcome.Lost ? id : throw new InvalidOperationException();
    }
}
