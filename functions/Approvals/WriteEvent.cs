using PracticPro.Audit;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>Carries out an approved event, once: by the id or the version that was approved, and by no other.</summary>
internal sealed class WriteEvent(IEventWriter events, WriteOnce write, ShowTargetAnew anew, SendApproved send)
{
    public async Task<DateTimeOffset?> SendAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) =>
        await write.SendAsync(events, scope, stored, OvertakenAsync, cancellation);

    public async Task<DateTimeOffset?> LookUpAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) => await write.LookUpAsync(
        events, ((OutgoingEvent)stored.Value.Action).Order, scope, stored, OvertakenAsync, cancellation);

    /// <summary>
    /// What stands there is not what was shown. It is shown anew, and waits again; what is gone cannot be, and ends as failed.
    /// Something else under an id of ours is nothing that anybody can approve: unknown.
    /// </summary>
    private async Task<DateTimeOffset?> OvertakenAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        if (stored.Value.Action is OutgoingEvent { Place: null })
        {
            return await send.LoseTrackAsync(scope, stored, stored.Value.Progress!.LooksAfter, cancellation);
        }

        var look = await anew.LookAsync(scope, stored.Value, cancellation);
        if (!look.Try(out var shown, out var why))
        {
            return await send.TroubleAsync(scope, stored, why, cancellation);
        }

        if (shown is null)
        {
            // It is as it was shown after all: one more look will find it so.
            return send.PauseBeforeLook(0);
        }

        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.Void, _ => shown,
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.ApprovalVoided, stored.Value), cancellation);
        return null;
    }
}
