using System.Collections.Frozen;

namespace PracticPro.Approvals;

internal enum ApprovalMove
{
    Approve,
    Reject,
    Edit,
    Expire,
    Undo,
    Void,
    Release,
    ConfirmSent,
    GiveUp,
    LoseTrack,
}

/// <summary>Every allowed move of an approval. What is not listed is refused.</summary>
internal static class ApprovalTransitions
{
    private static readonly FrozenDictionary<(ApprovalState From, ApprovalMove Move), ApprovalState> Table =
        new Dictionary<(ApprovalState, ApprovalMove), ApprovalState>
        {
            [(ApprovalState.Waiting, ApprovalMove.Approve)] = ApprovalState.Approved,
            [(ApprovalState.Waiting, ApprovalMove.Reject)] = ApprovalState.Rejected,
            [(ApprovalState.Waiting, ApprovalMove.Edit)] = ApprovalState.Waiting,
            [(ApprovalState.Waiting, ApprovalMove.Expire)] = ApprovalState.Expired,
            // Within the undo delay the decision can still be taken back, or be overtaken by an edit.
            [(ApprovalState.Approved, ApprovalMove.Undo)] = ApprovalState.Waiting,
            [(ApprovalState.Approved, ApprovalMove.Edit)] = ApprovalState.Waiting,
            [(ApprovalState.Approved, ApprovalMove.Reject)] = ApprovalState.Rejected,
            [(ApprovalState.Approved, ApprovalMove.Void)] = ApprovalState.Waiting,
            [(ApprovalState.Approved, ApprovalMove.Release)] = ApprovalState.Sending,
            [(ApprovalState.Sending, ApprovalMove.ConfirmSent)] = ApprovalState.Sent,
            [(ApprovalState.Sending, ApprovalMove.GiveUp)] = ApprovalState.Failed,
            [(ApprovalState.Sending, ApprovalMove.LoseTrack)] = ApprovalState.Unknown,
            // An event that stands otherwise at the provider than it was shown: nothing is overwritten, it is shown anew.
            [(ApprovalState.Sending, ApprovalMove.Void)] = ApprovalState.Waiting,
            // A late look may still find it.
            [(ApprovalState.Unknown, ApprovalMove.ConfirmSent)] = ApprovalState.Sent,
        }.ToFrozenDictionary();

    /// <summary>Where the move leads, or null when it is not allowed from there.</summary>
    public static ApprovalState? After(ApprovalState from, ApprovalMove move) =>
        Table.TryGetValue((from, move), out var to) ? to : null;

    public static bool IsFinal(ApprovalState state) => Table.Keys.All(key => key.From != state);
}
