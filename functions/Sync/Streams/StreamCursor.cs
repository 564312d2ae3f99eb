using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams.Coverage;

namespace PracticPro.Sync.Streams;

/// <summary>What the sync of a stream is doing.</summary>
internal enum SyncPhase
{
    /// <summary>Reading everything there is.</summary>
    Listing,

    /// <summary>After a complete reading: asking the provider about every item that was not seen in it.</summary>
    Sweeping,

    /// <summary>Following changes from the pinned point on.</summary>
    InStep,

    /// <summary>The provider no longer has the stream: asking about every item that it showed last.</summary>
    Closing,

    /// <summary>Of a stream that is no more nothing is left to ask.</summary>
    Closed,
}

/// <summary>
/// How far one stream is in step. Saved with every page, in the same write as the last of the page's items, so that a crash
/// costs one page at most, and nothing of what was read.
/// </summary>
/// <param name="Generation">
/// Counts readings of everything from 1; 0 before the first. Raised when the provider forgot our point, or, where a reading
/// pins none, forgot how far that came.
/// </param>
/// <param name="Point">
/// From where changes are followed: pinned before the reading began, so that nothing that happened during it is missed; while
/// in step the last point that was followed to its end. Null before a reading, or during one that itself ends with a point.
/// </param>
/// <param name="Page">Where the reading, or the following, goes on; null at its start.</param>
/// <param name="Total">Items the provider said there are when the reading began; an estimate, for progress bars.</param>
/// <param name="Stored">Items stored in this generation's reading so far.</param>
/// <param name="Sequence">Number of the last step, counted over all streams of the connection; 0 before the first.</param>
/// <param name="SteppedAt">When that was.</param>
/// <param name="LookedAt">When changes were last followed to their end.</param>
/// <param name="CompleteSince">When the first complete reading was followed up; null until then.</param>
/// <param name="RestUntil">After a failure: not to be tried before.</param>
/// <param name="Failures">Failed tries in a row; sets the rest.</param>
/// <param name="Owes">A reading began, and what changed meanwhile was not followed to its end yet.</param>
/// <param name="Heard">Mark of the last nudge that was seen to.</param>
/// <param name="Run">The steps since changes were last followed to their end: what the next span of coverage will rest on.</param>
internal sealed record StreamCursor(
    ConnectionId Connection,
    StreamName Stream,
    SyncPhase Phase = SyncPhase.Listing,
    int Generation = 0,
    string? Point = null,
    string? Page = null,
    int Total = 0,
    int Stored = 0,
    long Sequence = 0,
    DateTimeOffset? SteppedAt = null,
    DateTimeOffset? LookedAt = null,
    DateTimeOffset? CompleteSince = null,
    DateTimeOffset? RestUntil = null,
    int Failures = 0,
    bool Owes = false,
    string? Heard = null,
    CoverageRun? Run = null)
{
    public const string ByConnection = "by-connection";

    /// <summary>Nothing was read yet, or what was read is not kept in step any more.</summary>
    [JsonIgnore]
    public bool IsToBegin => Generation == 0 || !IsFollowed;

    /// <summary>A reading of it was begun before, whatever came of it: the next is one anew.</summary>
    [JsonIgnore]
    public bool WasBegun => Owes || CompleteSince is not null;

    /// <summary>False of one that the provider no longer has, as far as is known.</summary>
    [JsonIgnore]
    public bool IsFollowed => Phase is not (SyncPhase.Closing or SyncPhase.Closed);
}

/// <summary>The streams of a connection, and what concerns them all.</summary>
/// <param name="Streams">As the provider had them when it was asked last.</param>
/// <param name="DiscoveredAt">When that was; null: to be asked at once.</param>
/// <param name="TidiedAt">When the journal was last relieved of what is too old.</param>
/// <param name="JournalFrom">Number of the first step that the journal still has to hold.</param>
/// <param name="WatchUntil">When the provider's notifications end; null when none are asked for.</param>
/// <param name="RestUntil">After a failure to ask for the streams: not to be asked before.</param>
/// <param name="ReplayedAt">When the journal was last held against what is stored.</param>
internal sealed record StreamRoll(
    ConnectionId Connection,
    ImmutableArray<StreamName> Streams,
    DateTimeOffset? DiscoveredAt,
    DateTimeOffset TidiedAt,
    long JournalFrom = 1,
    DateTimeOffset? WatchUntil = null,
    DateTimeOffset? RestUntil = null,
    int Failures = 0,
    DateTimeOffset? ReplayedAt = null);
