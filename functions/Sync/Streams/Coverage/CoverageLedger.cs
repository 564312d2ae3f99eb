using System.Collections.Immutable;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams.Coverage;

/// <summary>Time that is proven covered: whatever changed in it at the provider is here.</summary>
/// <param name="Until">Exclusive: what changes from then on is not proven yet.</param>
/// <param name="UntilPoint">Mark of the point that it ends at.</param>
/// <param name="Run">Where it began, and the steps that prove it.</param>
internal sealed record CoveredSpan(DateTimeOffset Until, string UntilPoint, CoverageRun Run)
{
    public DateTimeOffset From => Run.From;
}

internal enum HoleClosing
{
    /// <summary>Everything that changed was followed from a point before it.</summary>
    Followed,

    /// <summary>Everything was read anew, and what was not seen asked about.</summary>
    ReadAnew,

    /// <summary>The stream is no more at the provider, and nothing of it is left here: there is nothing to know.</summary>
    Vanished,
}

/// <summary>Time in which it was not known whether something changed.</summary>
/// <param name="From">What was proven last before it.</param>
/// <param name="Because">Code of the failure, or of what else opened it.</param>
/// <param name="Until">Its end, once it is closed: when it was followed up, or when the reading that covers it began.</param>
internal sealed record CoverageHole(
    DateTimeOffset From,
    DateTimeOffset OpenedAt,
    string Because,
    DateTimeOffset? Until = null,
    DateTimeOffset? ClosedAt = null,
    HoleClosing? Closing = null);

/// <summary>
/// Of one stream: the time that is proven covered, and every hole. Spans do not overlap; between two of them is a hole that was
/// closed by reading anew, and after the last one nothing or the one hole that is open. Small for ever: of the oldest only
/// their number is kept.
/// </summary>
/// <param name="Spans">By time.</param>
/// <param name="Holes">By time of opening. At most the last is open.</param>
/// <param name="Sequence">Number of the last step that is in it: taking a step twice changes nothing.</param>
/// <param name="Forgotten">Spans and holes that were dropped for their age.</param>
internal sealed record CoverageLedger(
    ConnectionId Connection,
    StreamName Stream,
    ImmutableArray<CoveredSpan> Spans,
    ImmutableArray<CoverageHole> Holes,
    long Sequence = 0,
    long Forgotten = 0)
{
    public const string CursorExpired = "cursor-expired";
    public const string ChannelSilent = "channel-silent";
    public const string ChannelGone = "channel-gone";
    public const string ChannelMissed = "channel-missed";
    public const string StreamGone = "stream-gone";

    public const int MostSpans = 32;
    public const int MostHoles = 64;

    public static CoverageLedger Empty(ConnectionId connection, StreamName stream) => new(connection, stream, [], []);

    public CoverageHole? Open => Holes is [.., { ClosedAt: null } open] ? open : null;

    private CoveredSpan? Last => Spans.IsEmpty ? null : Spans[^1];

    /// <summary>
    /// From what was proven last on nothing is known any more. The first cause stays; before anything was proven there is no
    /// hole, since nobody was told that it is whole.
    /// </summary>
    public CoverageLedger Opened(string because, DateTimeOffset at) => Last is null || Open is not null
        ? this
        : Bounded(this with { Holes = Holes.Add(new CoverageHole(Last.Until, at, because)) });

    /// <summary>Looking failed. A hole is what lasts longer than <paramref name="patience"/>.</summary>
    public CoverageLedger Failed(string because, TimeSpan patience, DateTimeOffset at) =>
        Last is { } last && at - last.Until > patience ? Opened(because, at) : this;

    /// <summary>A run came to its end: everything up to <paramref name="at"/> is here.</summary>
    /// <param name="point">Mark of the point that it ends at.</param>
    public CoverageLedger Covered(CoverageRun run, string point, long sequence, DateTimeOffset at)
    {
        if (sequence <= Sequence)
        {
            return this;
        }

        // A clock that was set back must not make spans overlap.
        var follows = Last is { } last && last.UntilPoint == run.Point;
        var from = Last is { } before ? Later(run.From, before.Until) : run.From;
        var until = Later(at, from);
        var accounted = follows || Last is null ? this : Opened(CursorExpired, at);
        var closed = follows ? accounted.Closed(HoleClosing.Followed, until, until) : accounted.Closed(HoleClosing.ReadAnew, from, until);
        return Bounded(closed with
        {
            Sequence = sequence,
            Spans = follows
                ? [.. Spans[..^1], new CoveredSpan(until, point, Last!.Run.Then(run))]
                : Spans.Add(new CoveredSpan(until, point, run with { From = from })),
        });
    }

    /// <summary>News came that nothing had told of: a hole in what we hear, found by looking and so closed already.</summary>
    public CoverageLedger Unheard(DateTimeOffset from, DateTimeOffset at) => Open is not null
        ? this
        : Bounded(this with { Holes = Holes.Add(new CoverageHole(from, at, ChannelSilent, Later(at, from), at, HoleClosing.Followed)) });

    /// <summary>The stream went, and what was kept of it was asked about and went as well.</summary>
    public CoverageLedger Vanished(DateTimeOffset at) => Closed(HoleClosing.Vanished, at, at);

    private CoverageLedger Closed(HoleClosing how, DateTimeOffset until, DateTimeOffset at) => Open is not { } open
        ? this
        : this with
        {
            Holes = Holes.SetItem(Holes.Length - 1, open with
            {
                Until = Later(until, open.From),
                ClosedAt = Later(at, open.OpenedAt),
                Closing = how,
            }),
        };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static CoverageLedger Bounded(CoverageLedger ledger)
    {
        if (ledger.Spans.Length > MostSpans)
        {
            var first = ledger.Spans[1].From;
            var holes = ledger.Holes.RemoveAll(hole => hole.Until <= first);
            ledger = ledger with
            {
                Spans = ledger.Spans.RemoveAt(0),
                Holes = holes,
                Forgotten = ledger.Forgotten + 1 + ledger.Holes.Length - holes.Length,
            };
        }

        // Of the holes only those go that no gap between two spans rests on.
        while (ledger.Holes.Length > MostHoles
            && ledger.Holes.FirstOrDefault(static hole => hole.Closing is HoleClosing.Followed or HoleClosing.Vanished) is { } oldest)
        {
            ledger = ledger with { Holes = ledger.Holes.Remove(oldest), Forgotten = ledger.Forgotten + 1 };
        }

        return ledger;
    }
}
