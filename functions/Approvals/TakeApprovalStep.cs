using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// Takes one step of an approval. Delivered at least once: every step writes conditionally on the approval it read, and
/// what the provider may already have done is looked up before anything is asked of it.
/// </summary>
internal sealed class TakeApprovalStep(
    TenantScopes scopes, ReleaseApproval release, SendApproved send, TimeProvider time)
    : Activity<AwaitApproval.Input, AwaitApproval.StepAnswer>
{
    public override async Task<AwaitApproval.StepAnswer> RunAsync(
        ActivityContext context, AwaitApproval.Input input, CancellationToken cancellation)
    {
        if (await scopes.FindAsync(input.Tenant, cancellation) is not { } scope)
        {
            return new AwaitApproval.StepAnswer(Ended: true);
        }

        var stored = await scope.FindAsync(ApprovalKinds.Approval, input.Approval.Text, cancellation);
        if (stored is null)
        {
            return new AwaitApproval.StepAnswer(Ended: true);
        }

        var plan = ApprovalPlan.Next(stored.Value, time.GetUtcNow());
        return plan switch
        {
            ApprovalStep.Wait wait => new AwaitApproval.StepAnswer(WaitUntil: wait.Until),
            ApprovalStep.End => new AwaitApproval.StepAnswer(Ended: true),
            _ => new AwaitApproval.StepAnswer(WaitUntil: await TakeAsync(plan, scope, stored, cancellation), Pause: true),
        };
    }

    /// <summary>When to go on; null for at once.</summary>
    private async Task<DateTimeOffset?> TakeAsync(
        ApprovalStep plan, TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        switch (plan)
        {
            case ApprovalStep.Expire:
                await ApprovalWrites.MoveAsync(
                    scope, stored, ApprovalMove.Expire, static approval => approval,
                    ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.ApprovalExpired, stored.Value), cancellation);
                return null;
            case ApprovalStep.Release:
                await release.RunAsync(scope, stored, cancellation);
                return null;
            case ApprovalStep.MakeDraft:
                return await send.MakeDraftAsync(scope, stored, cancellation);
            case ApprovalStep.Send:
                return await send.SendAsync(scope, stored, cancellation);
            case ApprovalStep.LookUp:
                return await send.LookUpAsync(scope, stored, cancellation);
            default:
                throw new InvalidOperationException("An unknown step.");
        }
    }
}
