using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// The gates' last word, just before sending. If they still agree with what the person approved, the action goes on its
/// way; if anything speaks against it now, the approval is void and it waits again, saying why.
/// </summary>
internal sealed class ReleaseApproval(GatherGateFacts gather, ShowTargetAnew anew, TimeProvider time)
{
    public async Task RunAsync(TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var approval = stored.Value;

        // A provider that cannot be asked does not hold it up: the version that was shown goes with the call.
        var look = await anew.LookAsync(scope, approval, cancellation);
        if (look.Failure is Failure.NotFound gone)
        {
            await VoidAsync(scope, stored, Approval.Revise(approval, approval.Gates) with { VoidedBecause = gone.Code }, cancellation);
            return;
        }

        if (look.Try(out var changed, out _) && changed is not null)
        {
            await VoidAsync(scope, stored, changed, cancellation);
            return;
        }

        var decision = approval.Decision!;
        var approver = new ApproverFacts(
            new Actor.Person(decision.By),
            await People.PermissionsOfAsync(scope, decision.By, cancellation),
            // The session was judged when it was used; it may have ended since without taking the decision back.
            SignedInAt: time.GetUtcNow() - (decision.At - decision.SignedInAt),
            approval.IsWhatWasApproved);
        var facts = await gather.RunAsync(scope, approval, approval.Action, approver, cancellation);
        var gates = SixGates.Evaluate(facts);
        if (SixGates.MayRelease(approval.Gates, gates))
        {
            await ApprovalWrites.MoveAsync(
                scope, stored, ApprovalMove.Release, one => one with { Progress = new SendProgress(time.GetUtcNow()) },
                ApprovalWrites.Entry(AwaitApproval.Job, ApprovalActs.Released(approval), approval), cancellation);
            return;
        }

        var reshown = Approval.Revise(approval, SixGates.Evaluate(facts with { Approver = null }));
        var because = gates.SelectMany(gate => gate.Reasons).FirstOrDefault(reason => reason.Verdict == Verdict.Refuse);
        await VoidAsync(scope, stored, reshown with { VoidedBecause = because?.Code ?? "gates-changed" }, cancellation);
    }

    private static async Task VoidAsync(
        TenantScope scope, Stored<Approval> stored, Approval reshown, CancellationToken cancellation) =>
        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.Void, _ => reshown,
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.ApprovalVoided, stored.Value), cancellation);
}
