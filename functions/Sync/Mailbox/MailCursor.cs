using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Mailbox;

/// <summary>How far a mailbox was in step when it was the one stream of its connection. Read once, and taken over.</summary>
/// <param name="PageToken">Where the listing, or the history, went on.</param>
internal sealed record MailCursor(
    ConnectionId Connection,
    SyncPhase Phase,
    int Generation,
    string PinnedHistoryId,
    string? PageToken,
    int Total,
    int Stored,
    DateTimeOffset? WatchUntil,
    DateTimeOffset? LookedAt,
    DateTimeOffset? CompleteSince,
    int Failures)
{
    /// <summary>The same as the cursor of a stream.</summary>
    public StreamCursor AsStream() => new(
        Connection,
        MirrorKey.Mailbox,
        Phase,
        Generation,
        PinnedHistoryId,
        PageToken,
        Total,
        Stored,
        LookedAt: LookedAt,
        CompleteSince: CompleteSince,
        Owes: Phase != SyncPhase.InStep);
}
