using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// What every kind of sending has in common (APR-3): leave to send, minted here and nowhere else, and how it ends. The try is
/// written down before it is made, so that after a crash it is known that something may have left, and the provider is asked
/// before anything else. Each method writes one step and says when to go on; null for at once.
/// </summary>
internal sealed class SendApproved(TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Leave to send exactly what was approved.</summary>
    /// <exception cref="InvalidOperationException">It was not approved, not released, or is not what was approved.</exception>
    public static SendPermit Permit(TenantScope scope, Approval approval) =>
        approval is { State: ApprovalState.Sending, IsWhatWasApproved: true }
            ? SendPermit.Mint(scope.Tenant, approval.OutgoingSha256)
            : throw new InvalidOperationException("Only what was approved and released gets a permit.");

    public static bool IsPassing(Failure why) =>
        why is Failure.TooMany or Failure.Unavailable or Failure.Unauthenticated;

    /// <summary>Written before the provider is asked: from here on it may have left. Null when it changed meanwhile.</summary>
    public Task<Stored<Approval>?> NoteAttemptAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) => ApprovalWrites.NoteAsync(
        scope, stored, progress => progress with { AttemptedAt = Now }, ApprovalActs.Attempted(stored.Value), cancellation);

    /// <summary>The provider said no, or saw nothing: nothing left.</summary>
    public async Task<DateTimeOffset?> NotSentAsync(
        TenantScope scope, Stored<Approval> attempted, Failure why, CancellationToken cancellation)
    {
        var undone = await ApprovalWrites.NoteAsync(
            scope, attempted, static progress => progress with { AttemptedAt = null }, null, cancellation);
        return undone is null ? null : await TroubleAsync(scope, undone, why, cancellation);
    }

    public DateTimeOffset PauseBeforeLook(int looks) => Now + ApprovalPlan.PauseBeforeLook(looks);

    /// <summary>Looks again later; after the last look it is unknown, and never sent again by itself.</summary>
    public async Task<DateTimeOffset?> FoundNothingAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var looks = stored.Value.Progress!.LooksAfter + 1;
        if (looks < ApprovalPlan.MostLooks)
        {
            await ApprovalWrites.NoteAsync(scope, stored, now => now with { LooksAfter = looks }, null, cancellation);
            return PauseBeforeLook(looks);
        }

        return await LoseTrackAsync(scope, stored, looks, cancellation);
    }

    /// <summary>Nobody can tell. It is unknown, and never sent again by itself.</summary>
    public async Task<DateTimeOffset?> LoseTrackAsync(
        TenantScope scope, Stored<Approval> stored, int looks, CancellationToken cancellation)
    {
        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.LoseTrack,
            one => one with { Progress = one.Progress! with { LooksAfter = looks, EndedAt = Now } },
            ApprovalWrites.Entry(AwaitApproval.Job, ApprovalActs.Lost(stored.Value), stored.Value), cancellation);
        return null;
    }

    public async Task<DateTimeOffset?> ConfirmAsync(
        TenantScope scope, Stored<Approval> stored, string providerId, CancellationToken cancellation)
    {
        var named = stored.Value.Action is OutgoingMail ? "provider-message" : "provider-item";
        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.ConfirmSent,
            one => one with { Progress = one.Progress! with { SentId = providerId, EndedAt = Now } },
            ApprovalWrites.Entry(AwaitApproval.Job, ApprovalActs.Confirmed(stored.Value), stored.Value).On(named, providerId),
            cancellation);
        return null;
    }

    /// <summary>A passing trouble waits; a lasting one ends it as failed. Nothing has left in either case.</summary>
    public async Task<DateTimeOffset?> TroubleAsync(
        TenantScope scope, Stored<Approval> stored, Failure why, CancellationToken cancellation)
    {
        if (why is Failure.TooMany limited)
        {
            return Now + limited.RetryAfter;
        }

        if (IsPassing(why))
        {
            return PauseBeforeLook(3);
        }

        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.GiveUp,
            one => one with { Progress = one.Progress! with { FailureCode = why.Code, EndedAt = Now } },
            ApprovalWrites.Entry(AwaitApproval.Job, ApprovalActs.GivenUp(stored.Value), stored.Value).On("failure", why.Code),
            cancellation);
        return null;
    }
}
