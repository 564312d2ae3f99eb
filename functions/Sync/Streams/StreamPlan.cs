using System.Collections.Immutable;

namespace PracticPro.Sync.Streams;

/// <summary>What to do next for a connection.</summary>
internal abstract record StreamStep
{
    private StreamStep()
    {
    }

    /// <summary>Ask which streams there are.</summary>
    public sealed record Discover : StreamStep;

    /// <summary>Relieve the journal of what is too old.</summary>
    public sealed record Tidy : StreamStep;

    public sealed record RenewWatch : StreamStep;

    /// <summary>A step of one stream.</summary>
    public abstract record OfStream(StreamCursor Cursor) : StreamStep;

    /// <summary>Pin the point and begin a complete reading.</summary>
    public sealed record Begin(StreamCursor Cursor) : OfStream(Cursor);

    public sealed record Read(StreamCursor Cursor) : OfStream(Cursor);

    public sealed record Sweep(StreamCursor Cursor) : OfStream(Cursor);

    public sealed record Follow(StreamCursor Cursor) : OfStream(Cursor);

    /// <param name="Rest">All there is to do waits for a failure, or the time between looks, to be over: a nudge would change nothing.</param>
    public sealed record Wait(DateTimeOffset Until, bool Rest) : StreamStep;
}

/// <summary>What said that there may be news, and was not seen to yet.</summary>
/// <param name="Mark">Of the last nudge that meant every stream; null for none.</param>
/// <param name="Named">Streams that a nudge named.</param>
internal sealed record StreamNews(string? Mark, ImmutableArray<StreamName> Named)
{
    public static readonly StreamNews None = new(null, []);

    public bool Concern(StreamCursor cursor) =>
        (Mark is not null && Mark != cursor.Heard) || Named.Contains(cursor.Stream);
}

/// <summary>How often things are done.</summary>
/// <param name="Poll">Longest time without following a stream's changes.</param>
/// <param name="Watch">Whether the provider is to be asked to tell of changes, by the loop itself.</param>
/// <param name="BetweenLooks">From one look that is done to the next that news lead to. What comes meanwhile is seen to by one look.</param>
internal sealed record StreamRhythm(TimeSpan Poll, bool Watch, TimeSpan BetweenLooks = default);

/// <summary>
/// Decides the next step of a connection from what is known; does nothing itself. Of the streams that are due the one takes
/// a step that took none for longest, so that none starves another; one that failed rests for itself.
/// </summary>
internal static class StreamPlan
{
    public static readonly TimeSpan DiscoverEvery = TimeSpan.FromHours(6);
    public static readonly TimeSpan TidyEvery = TimeSpan.FromHours(1);

    /// <summary>What is left of a watch when it is renewed. Google ends one after seven days and recommends renewing it daily.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(6);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public static StreamStep Next(
        StreamRoll? roll, IReadOnlyCollection<StreamCursor> cursors, StreamNews news, StreamRhythm rhythm, DateTimeOffset now)
    {
        if (roll is null || (Over(roll.DiscoveredAt, DiscoverEvery, now) && !Rests(roll.RestUntil, roll.Failures, now)))
        {
            return new StreamStep.Discover();
        }

        if (rhythm.Watch && (roll.WatchUntil is null || roll.WatchUntil - now < RenewBefore))
        {
            return new StreamStep.RenewWatch();
        }

        if (Over(roll.TidiedAt, TidyEvery, now))
        {
            return new StreamStep.Tidy();
        }

        // What was found in a stream that is not followed is asked about when it is known whether the stream is there. Asked about
        // before, it could go with the stream in between, and nobody would notice.
        var dated = cursors
            .Where(cursor => cursor.Phase != SyncPhase.Closed || roll.Streams.Contains(cursor.Stream))
            .Where(cursor => cursor.Phase != SyncPhase.Closing || roll.DiscoveredAt is not null)
            .Select(cursor => (Cursor: cursor, DueAt: DueAt(cursor, news, rhythm, now)))
            .ToList();
        var next = dated
            .Where(one => one.DueAt <= now)
            .OrderBy(static one => one.Cursor.SteppedAt ?? DateTimeOffset.MinValue)
            .ThenBy(static one => one.Cursor.Sequence)
            .Select(static one => one.Cursor)
            .FirstOrDefault();
        return next is null ? Wait(roll, dated, rhythm, news, now) : Step(next, roll);
    }

    /// <summary>The pause after failures in a row: 2 s, doubled each time, at most 5 min.</summary>
    public static TimeSpan PauseAfter(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static StreamStep Step(StreamCursor cursor, StreamRoll roll) => cursor switch
    {
        { IsToBegin: true } when roll.Streams.Contains(cursor.Stream) => new StreamStep.Begin(cursor),
        { Phase: SyncPhase.Listing } => new StreamStep.Read(cursor),
        { Phase: SyncPhase.InStep } => new StreamStep.Follow(cursor),
        _ => new StreamStep.Sweep(cursor),
    };

    private static StreamStep.Wait Wait(
        StreamRoll roll,
        List<(StreamCursor Cursor, DateTimeOffset DueAt)> dated,
        StreamRhythm rhythm,
        StreamNews news,
        DateTimeOffset now)
    {
        var discover = Rests(roll.RestUntil, roll.Failures, now) ? roll.RestUntil!.Value : (roll.DiscoveredAt ?? now) + DiscoverEvery;
        var until = dated
            .Select(static one => one.DueAt)
            .Append(discover)
            .Append(roll.TidiedAt + TidyEvery)
            .Append((rhythm.Watch ? roll.WatchUntil - RenewBefore : null) ?? discover)
            .Min();
        return new StreamStep.Wait(
            until, dated.All(one => Rests(one.Cursor.RestUntil, one.Cursor.Failures, now) || news.Concern(one.Cursor)));
    }

    private static DateTimeOffset DueAt(StreamCursor cursor, StreamNews news, StreamRhythm rhythm, DateTimeOffset now)
    {
        if (Rests(cursor.RestUntil, cursor.Failures, now))
        {
            return cursor.RestUntil!.Value;
        }

        // A stream that failed, or is under way, is due. So is one never looked at, or looked at in the future: the clock
        // was set back, and nobody knows how far.
        return cursor.Failures > 0
            || cursor.Phase != SyncPhase.InStep
            || cursor.Owes
            || cursor.Page is not null
            || cursor.LookedAt is not { } looked
            || looked > now
            ? now
            : looked + (news.Concern(cursor) ? rhythm.BetweenLooks : rhythm.Poll);
    }

    private static bool Over(DateTimeOffset? last, TimeSpan every, DateTimeOffset now) =>
        last is not { } at || at > now || at + every <= now;

    // A rest that is longer than any comes from a clock that was set back meanwhile.
    private static bool Rests(DateTimeOffset? until, int failures, DateTimeOffset now) =>
        failures > 0 && until > now && until - now <= LongestPause;
}
