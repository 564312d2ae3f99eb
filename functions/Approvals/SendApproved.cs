using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// Sends what was approved, once (APR-3). One draft is made at the provider and found again by our Message-ID; sending
/// is by that draft, which the provider accepts once. The try is written down before it is made, so that after a crash
/// it is known that something may have left, and the provider is asked before anything else.
/// Each method takes one step and says when to go on; null for at once.
/// </summary>
internal sealed class SendApproved(IMailSender sender, TimeProvider time)
{
    public async Task<DateTimeOffset?> MakeDraftAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var approval = stored.Value;
        var where = await sender.LookUpAsync(scope.Tenant, approval.Connection, approval.Mail.MessageId, null, cancellation);
        if (!where.Try(out var found, out var why))
        {
            return await TroubleAsync(scope, stored, why, cancellation);
        }

        switch (found)
        {
            case Whereabouts.InSent sent:
                return await ConfirmAsync(scope, stored, sent.ProviderId, cancellation);
            case Whereabouts.StillDraft draft:
                return await KeepDraftAsync(scope, stored, draft.DraftId, cancellation);
        }

        var made = await sender.CreateDraftAsync(
            scope.Tenant, approval.Connection, Permit(scope, approval), Content(approval), cancellation);
        return made.Try(out var draftId, out why)
            ? await KeepDraftAsync(scope, stored, draftId, cancellation)
            : await TroubleAsync(scope, stored, why, cancellation);
    }

    public async Task<DateTimeOffset?> SendAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        // Written before the provider is asked: from here on it may have left.
        var attempted = await ApprovalWrites.NoteAsync(
            scope, stored, progress => progress with { AttemptedAt = time.GetUtcNow() }, AuditAct.MailSendAttempted, cancellation);
        if (attempted is null)
        {
            return null;
        }

        var approval = attempted.Value;
        var outcome = await sender.SendDraftAsync(
            scope.Tenant, approval.Connection, Permit(scope, approval), approval.Progress!.DraftId!, Content(approval), cancellation);
        switch (outcome)
        {
            case SendOutcome.Sent sent:
                return await ConfirmAsync(scope, attempted, sent.ProviderId, cancellation);
            case SendOutcome.NotSent notSent:
                var undone = await ApprovalWrites.NoteAsync(
                    scope, attempted, progress => progress with { AttemptedAt = null }, null, cancellation);
                return undone is null ? null : await TroubleAsync(scope, undone, notSent.Why, cancellation);
            default:
                return time.GetUtcNow() + ApprovalPlan.PauseBeforeLook(0);
        }
    }

    public async Task<DateTimeOffset?> LookUpAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var approval = stored.Value;
        var progress = approval.Progress!;
        var where = await sender.LookUpAsync(
            scope.Tenant, approval.Connection, approval.Mail.MessageId, progress.DraftId, cancellation);
        if (!where.Try(out var found, out var why))
        {
            return await TroubleAsync(scope, stored, why, cancellation);
        }

        switch (found)
        {
            case Whereabouts.InSent sent:
                return await ConfirmAsync(scope, stored, sent.ProviderId, cancellation);

            // Still a draft: the last try did not take. A second one by the same draft cannot make a second mail, even
            // if the first is still under way, for the draft is gone once it is sent.
            case Whereabouts.StillDraft:
                await ApprovalWrites.NoteAsync(scope, stored, now => now with { AttemptedAt = null }, null, cancellation);
                return null;
        }

        if (progress.LooksAfter + 1 >= ApprovalPlan.MostLooks)
        {
            await ApprovalWrites.MoveAsync(
                scope, stored, ApprovalMove.LoseTrack,
                one => one with { Progress = one.Progress! with { EndedAt = time.GetUtcNow() } },
                ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.MailSendUnknown, approval), cancellation);
            return null;
        }

        await ApprovalWrites.NoteAsync(
            scope, stored, now => now with { LooksAfter = now.LooksAfter + 1 }, null, cancellation);
        return time.GetUtcNow() + ApprovalPlan.PauseBeforeLook(progress.LooksAfter + 1);
    }

    private static SendPermit Permit(TenantScope scope, Approval approval) =>
        approval is { State: ApprovalState.Sending, IsWhatWasApproved: true }
            ? SendPermit.Mint(scope.Tenant, approval.MimeSha256)
            : throw new InvalidOperationException("Only what was approved and released gets a permit.");

    private static DraftContent Content(Approval approval) => new(approval.Mime, approval.ThreadId);

    private static async Task<DateTimeOffset?> KeepDraftAsync(
        TenantScope scope, Stored<Approval> stored, string draftId, CancellationToken cancellation)
    {
        await ApprovalWrites.NoteAsync(scope, stored, progress => progress with { DraftId = draftId }, null, cancellation);
        return null;
    }

    private async Task<DateTimeOffset?> ConfirmAsync(
        TenantScope scope, Stored<Approval> stored, string providerId, CancellationToken cancellation)
    {
        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.ConfirmSent,
            one => one with { Progress = one.Progress! with { SentId = providerId, EndedAt = time.GetUtcNow() } },
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.MailSent, stored.Value).On("provider-message", providerId),
            cancellation);
        return null;
    }

    /// <summary>A passing trouble waits; a lasting one ends it as failed. Nothing has left in either case.</summary>
    private async Task<DateTimeOffset?> TroubleAsync(
        TenantScope scope, Stored<Approval> stored, Failure why, CancellationToken cancellation)
    {
        if (why is Failure.TooMany limited)
        {
            return time.GetUtcNow() + limited.RetryAfter;
        }

        // Whether an earlier try left cannot be told by a failing look-up: only before any try is "failed" the truth.
        var tried = stored.Value.Progress?.AttemptedAt is not null;
        if (why is Failure.Unavailable or Failure.Unauthenticated || tried)
        {
            return time.GetUtcNow() + ApprovalPlan.PauseBeforeLook(3);
        }

        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.GiveUp,
            one => one with { Progress = one.Progress! with { FailureCode = why.Code, EndedAt = time.GetUtcNow() } },
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.MailSendFailed, stored.Value), cancellation);
        return null;
    }
}
