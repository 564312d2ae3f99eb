using PracticPro.Sync.Published;

namespace PracticPro.Sync.Mailbox;

/// <summary>What a mailbox's sync is doing.</summary>
internal enum SyncPhase
{
    /// <summary>Reading the whole mailbox, newest first.</summary>
    Listing,

    /// <summary>After a complete reading: asking the provider about every message that was not seen in it.</summary>
    Sweeping,

    /// <summary>Following changes from the pinned point on.</summary>
    InStep,
}

/// <summary>
/// How far one mailbox is in step. Saved with every page, in the same write as the page's messages, so that a crash
/// costs one page of reading and nothing of what was read.
/// </summary>
/// <param name="Generation">Counts complete readings from 1. Raised when the provider forgot our history id.</param>
/// <param name="PinnedHistoryId">
/// The mailbox's history id from before the reading began. Changes are followed from here, so that nothing that happened
/// during the reading is missed. While in step: the last history id that was followed to its end. Only ever grows
/// within a generation.
/// </param>
/// <param name="PageToken">Where the listing, or the history, goes on; null at its start.</param>
/// <param name="Total">Messages the provider said it has when the reading began; an estimate, for progress bars.</param>
/// <param name="Stored">Messages stored in this generation's reading so far.</param>
/// <param name="WatchUntil">When the provider's push notifications end; null when none are asked for.</param>
/// <param name="LookedAt">When changes were last followed to their end.</param>
/// <param name="CompleteSince">When the first complete reading was done; null until then.</param>
/// <param name="Failures">Failed tries in a row; sets the pause before the next.</param>
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
    /// <summary>A mailbox about to be read whole.</summary>
    public static MailCursor Fresh(ConnectionId connection, int generation, string historyId, int total, MailCursor? before) =>
        new(
            connection,
            SyncPhase.Listing,
            generation,
            historyId,
            PageToken: null,
            total,
            Stored: 0,
            before?.WatchUntil,
            before?.LookedAt,
            before?.CompleteSince,
            Failures: 0);
}
