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
        if (approval.Progress!.DraftTriedAt is not null)
        {
            // An earlier try may have made it, whatever became of its answer.
            var where = await sender.LookUpAsync(scope.Tenant, approval.Connection, approval.Mail.MessageId, null, cancellation);
            if (!where.Try(out var found, out var whyNot))
            {
                return await TroubleAsync(scope, stored, whyNot, cancellation);
            }

            switch (found)
            {
                case Whereabouts.InSent sent:
                    return await ConfirmAsync(scope, stored, sent.ProviderId, cancellation);
                case Whereabouts.StillDraft draft:
                    return await KeepDraftAsync(scope, stored, draft.DraftId, cancellation);
            }
        }

        var tried = await ApprovalWrites.NoteAsync(
            scope, stored, progress => progress with { DraftTriedAt = time.GetUtcNow() }, null, cancellation);
        if (tried is null)
        {
            return null;
        }

        var made = await sender.CreateDraftAsync(
            scope.Tenant, approval.Connection, Permit(scope, approval), Content(approval), cancellation);
        if (made.Try(out var draftId, out var why))
        {
            return await KeepDraftAsync(scope, tried, draftId, cancellation);
        }

        if (why is Failure.NotFound && approval.ThreadId is not null)
        {
            // Somebody deleted the conversation meanwhile. The mail was approved for what it says, not for where it hangs.
            await ApprovalWrites.NoteThreadGoneAsync(scope, tried, cancellation);
            return null;
        }

        return await TroubleAsync(scope, tried, why, cancellation);
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
            // A passing trouble is waited for. Where nobody can ask any more, that counts as a look that found nothing.
            return IsPassing(why)
                ? await TroubleAsync(scope, stored, why, cancellation)
                : await FoundNothingAsync(scope, stored, cancellation);
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
            default:
                return await FoundNothingAsync(scope, stored, cancellation);
        }
    }

    private static bool IsPassing(Failure why) =>
        why is Failure.TooMany or Failure.Unavailable or Failure.Unauthenticated;

    /// <summary>Looks again later; after the last look it is unknown, and never sent again by itself.</summary>
    private async Task<DateTimeOffset?> FoundNothingAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var looks = stored.Value.Progress!.LooksAfter + 1;
        if (looks < ApprovalPlan.MostLooks)
        {
            await ApprovalWrites.NoteAsync(scope, stored, now => now with { LooksAfter = looks }, null, cancellation);
            return time.GetUtcNow() + ApprovalPlan.PauseBeforeLook(looks);
        }

        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.LoseTrack,
            one => one with { Progress = one.Progress! with { LooksAfter = looks, EndedAt = time.GetUtcNow() } },
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.MailSendUnknown, stored.Value), cancellation);
        return null;
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

        if (IsPassing(why))
        {
            return time.GetUtcNow() + ApprovalPlan.PauseBeforeLook(3);
        }

        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.GiveUp,
            one => one with { Progress = one.Progress! with { FailureCode = why.Code, EndedAt = time.GetUtcNow() } },
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.MailSendFailed, stored.Value).On("failure", why.Code),
            cancellation);
        return null;
    }
}
