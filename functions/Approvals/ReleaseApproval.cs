using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// The gates' last word, just before sending. If they still agree with what the person approved, the mail goes on its
/// way; if anything speaks against it now, the approval is void and the mail waits again, saying why.
/// </summary>
internal sealed class ReleaseApproval(GatherGateFacts gather, TimeProvider time)
{
    public async Task RunAsync(TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var approval = stored.Value;
        var decision = approval.Decision!;
        var approver = new ApproverFacts(
            new Actor.Person(decision.By),
            await People.PermissionsOfAsync(scope, decision.By, cancellation),
            // The session was judged when it was used; it may have ended since without taking the decision back.
            SignedInAt: time.GetUtcNow() - (decision.At - decision.SignedInAt),
            approval.IsWhatWasApproved);
        var facts = await gather.RunAsync(scope, approval, approval.Mail, approver, cancellation);
        var gates = SixGates.Evaluate(facts);
        if (SixGates.MayRelease(approval.Gates, gates))
        {
            await ApprovalWrites.MoveAsync(
                scope, stored, ApprovalMove.Release, one => one with { Progress = new SendProgress(time.GetUtcNow()) },
                ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.MailSendReleased, approval), cancellation);
            return;
        }

        var reshown = Approval.Revise(approval, approval.Mail, SixGates.Evaluate(facts with { Approver = null }));
        var because = gates.SelectMany(gate => gate.Reasons).FirstOrDefault(reason => reason.Verdict == Verdict.Refuse);
        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.Void, _ => reshown with { VoidedBecause = because?.Code ?? "gates-changed" },
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.ApprovalVoided, approval), cancellation);
    }
}
