using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// Takes one step of an approval. Delivered at least once: every step writes conditionally on the approval it read, and
/// what the provider may already have done is looked up before anything is asked of it.
/// </summary>
internal sealed class TakeApprovalStep(
    TenantScopes scopes, ReleaseApproval release, SendMail mail, WriteEvent events, WriteTask tasks, TimeProvider time)
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
        if (plan is ApprovalStep.End && stored.Value.Action is OutgoingMail ended)
        {
            // Before the workflow is told that it is over: after a crash in between, the step is taken again.
            await AttachmentShelf.ClearAsync(scope, stored.Value.Id, ended, cancellation);
        }

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
                return await mail.MakeDraftAsync(scope, stored, cancellation);
            case ApprovalStep.Send:
                return await SendAsync(scope, stored, cancellation);
            case ApprovalStep.LookUp:
                return await LookUpAsync(scope, stored, cancellation);
            default:
                throw new InvalidOperationException("An unknown step.");
        }
    }

    private Task<DateTimeOffset?> SendAsync(TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) =>
        stored.Value.Action switch
        {
            OutgoingMail => mail.SendAsync(scope, stored, cancellation),
            OutgoingEvent => events.SendAsync(scope, stored, cancellation),
            OutgoingTask => tasks.SendAsync(scope, stored, cancellation),
            _ => throw new InvalidOperationException("An action of no known kind."),
        };

    private Task<DateTimeOffset?> LookUpAsync(TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) =>
        stored.Value.Action switch
        {
            OutgoingMail => mail.LookUpAsync(scope, stored, cancellation),
            OutgoingEvent => events.LookUpAsync(scope, stored, cancellation),
            OutgoingTask => tasks.LookUpAsync(scope, stored, cancellation),
            _ => throw new InvalidOperationException("An action of no known kind."),
        };
}
