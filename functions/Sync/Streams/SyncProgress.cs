using System.Collections.Immutable;

namespace PracticPro.Sync.Streams;

/// <summary>How far a connection is in step, all its streams taken together.</summary>
/// <param name="Phase">What the stream is doing that is furthest from being in step.</param>
/// <param name="Generation">Of the stream that was read anew most often.</param>
/// <param name="CompleteSince">When the last of them was complete; null until all are.</param>
/// <param name="LookedAt">When the changes of all of them had been followed to their end.</param>
/// <param name="Failures">Of the stream that failed most often in a row.</param>
internal sealed record SyncProgress(
    SyncPhase Phase,
    int Generation,
    int Total,
    int Stored,
    DateTimeOffset? CompleteSince,
    DateTimeOffset? LookedAt,
    int Failures)
{
    /// <summary>Null until there is a stream.</summary>
    public static SyncProgress? Of(IEnumerable<StreamCursor> cursors)
    {
        var living = cursors.Where(static cursor => cursor.Phase != SyncPhase.Closed).ToImmutableArray();
        return living.IsEmpty
            ? null
            : new SyncProgress(
                PhaseOf(living),
                living.Max(static cursor => cursor.Generation),
                living.Sum(static cursor => cursor.Total),
                living.Sum(static cursor => cursor.Stored),
                living.Any(static cursor => cursor.CompleteSince is null) ? null : living.Max(static cursor => cursor.CompleteSince),
                living.Any(static cursor => cursor.LookedAt is null) ? null : living.Min(static cursor => cursor.LookedAt),
                living.Max(static cursor => cursor.Failures));
    }

    private static SyncPhase PhaseOf(ImmutableArray<StreamCursor> living) =>
        living.Any(static cursor => cursor.Phase == SyncPhase.Listing) ? SyncPhase.Listing
        : living.Any(static cursor => cursor.Phase == SyncPhase.Sweeping) ? SyncPhase.Sweeping
        : SyncPhase.InStep;
}
