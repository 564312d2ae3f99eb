using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// Sends an approved mail, once (APR-3). One draft is made at the provider and found again by our Message-ID; sending
/// is by that draft, which the provider accepts once. Each method takes one step and says when to go on; null for at once.
/// </summary>
internal sealed class SendMail(IMailSender sender, SendApproved send)
{
    public async Task<DateTimeOffset?> MakeDraftAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var approval = stored.Value;
        var connection = approval.Connection!.Value;
        if (await ContentAsync(scope, approval, cancellation) is not { } content)
        {
            return await send.TroubleAsync(scope, stored, new ApprovalFailures.AttachmentMissing(), cancellation);
        }

        if (approval.Progress!.DraftTriedAt is not null)
        {
            // An earlier try may have made it, whatever became of its answer.
            var where = await sender.LookUpAsync(scope.Tenant, connection, approval.Mail.MessageId, null, cancellation);
            if (!where.Try(out var found, out var whyNot))
            {
                return await send.TroubleAsync(scope, stored, whyNot, cancellation);
            }

            switch (found)
            {
                case Whereabouts.InSent sent:
                    return await send.ConfirmAsync(scope, stored, sent.ProviderId, cancellation);
                case Whereabouts.StillDraft draft:
                    return await KeepDraftAsync(scope, stored, draft.DraftId, cancellation);
            }
        }

        var tried = await ApprovalWrites.NoteAsync(
            scope, stored, progress => progress with { DraftTriedAt = send.Now }, null, cancellation);
        if (tried is null)
        {
            return null;
        }

        var permit = SendApproved.Permit(scope, approval);
        var made = await sender.CreateDraftAsync(scope.Tenant, connection, permit, content, cancellation);
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

        return await send.TroubleAsync(scope, tried, why, cancellation);
    }

    public async Task<DateTimeOffset?> SendAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        if (await ContentAsync(scope, stored.Value, cancellation) is not { } content)
        {
            return await send.TroubleAsync(scope, stored, new ApprovalFailures.AttachmentMissing(), cancellation);
        }

        if (await send.NoteAttemptAsync(scope, stored, cancellation) is not { } attempted)
        {
            return null;
        }

        var approval = attempted.Value;
        var permit = SendApproved.Permit(scope, approval);
        var outcome = await sender.SendDraftAsync(
            scope.Tenant, approval.Connection!.Value, permit, approval.Progress!.DraftId!, content, cancellation);
        return outcome switch
        {
            SendOutcome.Sent sent => await send.ConfirmAsync(scope, attempted, sent.ProviderId, cancellation),
            SendOutcome.NotSent notSent => await send.NotSentAsync(scope, attempted, notSent.Why, cancellation),
            _ => send.PauseBeforeLook(0),
        };
    }

    public async Task<DateTimeOffset?> LookUpAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var approval = stored.Value;
        var where = await sender.LookUpAsync(
            scope.Tenant, approval.Connection!.Value, approval.Mail.MessageId, approval.Progress!.DraftId, cancellation);
        if (!where.Try(out var found, out var why))
        {
            // A passing trouble is waited for. Where nobody can ask any more, that counts as a look that found nothing.
            return SendApproved.IsPassing(why)
                ? await send.TroubleAsync(scope, stored, why, cancellation)
                : await send.FoundNothingAsync(scope, stored, cancellation);
        }

        switch (found)
        {
            case Whereabouts.InSent sent:
                return await send.ConfirmAsync(scope, stored, sent.ProviderId, cancellation);

            // Still a draft: the last try did not take. A second one by the same draft cannot make a second mail, even
            // if the first is still under way, for the draft is gone once it is sent.
            case Whereabouts.StillDraft:
                await ApprovalWrites.NoteAsync(scope, stored, static now => now with { AttemptedAt = null }, null, cancellation);
                return null;
            default:
                return await send.FoundNothingAsync(scope, stored, cancellation);
        }
    }

    /// <summary>Null when an attachment is not there as it was kept: nothing can be sent for it.</summary>
    private static async Task<DraftContent?> ContentAsync(
        TenantScope scope, Approval approval, CancellationToken cancellation) =>
        (approval.Bytes ?? await ComposeAction.MimeAsync(scope, approval.Id, approval.Mail, cancellation)) is { } mime
            ? new DraftContent(mime, approval.ThreadId)
            : null;

    private static async Task<DateTimeOffset?> KeepDraftAsync(
        TenantScope scope, Stored<Approval> stored, string draftId, CancellationToken cancellation)
    {
        await ApprovalWrites.NoteAsync(scope, stored, progress => progress with { DraftId = draftId }, null, cancellation);
        return null;
    }
}
