using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>The one way in which a stored approval changes: by an allowed move, with its leaf, and with word to its workflow.</summary>
internal static class ApprovalWrites
{
    /// <param name="shownDigest">What the caller saw; null where they need not have seen it.</param>
    public static async Task<Outcome<Stored<Approval>>> FindAsync(
        TenantScope scope,
        ApprovalId id,
        ApprovalMove move,
        string? shownDigest,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        var stored = await scope.FindAsync(ApprovalKinds.Approval, id.Text, cancellation);
        if (stored is null)
        {
            return new ApprovalFailures.NoSuchApproval();
        }

        if (ApprovalTransitions.After(stored.Value.State, move) is null)
        {
            return new ApprovalFailures.AlreadyDecided();
        }

        // The workflow that writes this down may be late; the decision is not to wait for it.
        if (stored.Value.State == ApprovalState.Waiting && now >= stored.Value.ExpiresAt)
        {
            return new ApprovalFailures.Expired();
        }

        return move is ApprovalMove.Undo || stored.Value.Digest.Matches(shownDigest)
            ? stored
            : new ApprovalFailures.NotWhatWasShown();
    }

    public static AuditEntry Entry(Actor by, AuditAct act, Approval approval)
    {
        var entry = new AuditEntry(by, act).On("approval", approval.Id.Text);
        return (approval.Connection is { } connection ? entry.On("connection", connection.Text) : entry)
            .On("digest", approval.Digest.Hex);
    }

    /// <summary>Notes how far sending got. Null when it changed meanwhile: whoever changed it goes on.</summary>
    public static async Task<Stored<Approval>?> NoteAsync(
        TenantScope scope,
        Stored<Approval> stored,
        Func<SendProgress, SendProgress> change,
        AuditAct? act,
        CancellationToken cancellation)
    {
        var noted = stored.Value with { Progress = change(stored.Value.Progress!) };
        var put = scope.Put(ApprovalKinds.Approval, noted, Condition.Is(stored.Version));
        var outcome = act is null
            ? await scope.CommitAsync([put], cancellation)
            : await scope.CommitAsync(Entry(AwaitApproval.Job, act, noted), [put], cancellation);
        return outcome is CommitOutcome.Committed committed
            ? new Stored<Approval>(noted, committed.Versions[ApprovalKinds.Approval.Key(noted.Id.Text)])
            : null;
    }

    /// <summary>Notes that the conversation it answers in is gone at the provider: it will start one of its own.</summary>
    public static async Task NoteThreadGoneAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) =>
        await scope.CommitAsync(
            [scope.Put(ApprovalKinds.Approval, stored.Value with { ThreadId = null }, Condition.Is(stored.Version))],
            cancellation);

    /// <summary>Moves and changes it in one write. Fails, changing nothing, when it moved meanwhile.</summary>
    public static Task<Outcome<Approval>> MoveAsync(
        TenantScope scope,
        Stored<Approval> stored,
        ApprovalMove move,
        Func<Approval, Approval> change,
        AuditEntry entry,
        CancellationToken cancellation) => MoveAsync(scope, stored, move, change, entry, [], cancellation);

    /// <param name="with">What is written along with it.</param>
    public static async Task<Outcome<Approval>> MoveAsync(
        TenantScope scope,
        Stored<Approval> stored,
        ApprovalMove move,
        Func<Approval, Approval> change,
        AuditEntry entry,
        IReadOnlyList<Operation> with,
        CancellationToken cancellation)
    {
        if (ApprovalTransitions.After(stored.Value.State, move) is not { } state)
        {
            return new ApprovalFailures.AlreadyDecided();
        }

        var moved = change(stored.Value) with { State = state };
        var put = scope.Put(ApprovalKinds.Approval, moved, Condition.Is(stored.Version));

        // The workflow need not be told of what it did itself; a person's move may have to wake it.
        var outcome = await scope.CommitAsync(
            entry, entry.Actor == AwaitApproval.Job ? [put, .. with] : [put, .. with, Wake(scope, stored)], cancellation);
        return outcome is CommitOutcome.Committed ? moved : new ApprovalFailures.AlreadyDecided();
    }

    private static Operation Wake(TenantScope scope, Stored<Approval> stored) => WorkflowOutbox.Raise(
        AwaitApproval.InstanceOf(scope.Tenant, stored.Value.Id),
        AwaitApproval.Changed,
        Done.Value,
        $"{stored.Value.Id}.{stored.Version.Text}");
}
