using FsCheck;
using FsCheck.Fluent;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>What time is proven covered, and where the holes are.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class CoverageLedgerTests
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly CoverageLedger Empty =
        CoverageLedger.Empty(ConnectionId.New(TimeProvider.System), StreamName.Parse("one"));

    /// <summary>What befalls a stream: minutes that pass, sometimes backwards, and what happens then.</summary>
    private static readonly Gen<(int Minutes, string What)> Events =
        from minutes in Gen.Choose(-3, 20)
        from what in Gen.Elements("followed", "followed", "followed", "failed", "expired", "lost", "read-anew", "unheard", "vanished")
        select (minutes, what);

    [Fact]
    public void Spans_never_overlap_and_no_gap_is_unaccounted_whatever_happens() =>
        Prop.ForAll(Events.ListOf().ToArbitrary(), static events => IsSound(Played(events, twice: false))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_step_that_is_taken_twice_changes_nothing() =>
        Prop.ForAll(Events.ListOf().ToArbitrary(), static events => Same(Played(events, twice: false), Played(events, twice: true)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void It_stays_small_for_ever()
    {
        var ledger = Played(Enumerable.Range(0, 2_000).Select(static one => (7, one % 3 == 0 ? "lost" : one % 3 == 1 ? "read-anew" : "unheard")), twice: false);
        Assert.InRange(ledger.Spans.Length, 1, CoverageLedger.MostSpans);
        Assert.InRange(ledger.Holes.Length, 1, CoverageLedger.MostHoles);
        Assert.True(IsSound(ledger));
        Assert.True(ledger.Forgotten > 500);
    }

    [Fact]
    public void What_is_followed_without_a_break_is_one_span()
    {
        var ledger = Played(Enumerable.Repeat((5, "followed"), 10), twice: false);
        var span = Assert.Single(ledger.Spans);
        Assert.Equal((Start, Start.AddMinutes(50), 10L), (span.From, span.Until, span.Run.Steps));
        Assert.Empty(ledger.Holes);
    }

    [Fact]
    public void Looking_that_failed_for_longer_than_patience_is_a_hole_until_it_is_followed_up()
    {
        var ledger = Played([(5, "followed"), (5, "failed"), (6, "failed")], twice: false);
        Assert.Equal((Start.AddMinutes(5), "provider-down"), (ledger.Open!.From, ledger.Open.Because));
        ledger = Played([(5, "followed"), (5, "failed"), (6, "failed"), (1, "followed")], twice: false);
        Assert.Null(ledger.Open);
        Assert.Equal((HoleClosing.Followed, Start.AddMinutes(17)), (ledger.Holes[0].Closing, ledger.Holes[0].Until));
        Assert.Single(ledger.Spans);
    }

    [Fact]
    public void An_expired_cursor_is_a_hole_that_only_a_complete_reading_closes()
    {
        var ledger = Played([(5, "followed"), (5, "expired"), (20, "read-anew")], twice: false);
        var hole = Assert.Single(ledger.Holes);
        Assert.Equal((CoverageLedger.CursorExpired, HoleClosing.ReadAnew), (hole.Because, hole.Closing));
        Assert.Equal((ledger.Spans[0].Until, ledger.Spans[1].From), (hole.From, hole.Until));
    }

    [Fact]
    public void A_hole_is_closed_when_the_stream_is_no_more_and_opens_again_with_it()
    {
        var ledger = Played([(5, "followed"), (20, "failed"), (1, "vanished")], twice: false);
        var hole = Assert.Single(ledger.Holes);
        Assert.Equal((HoleClosing.Vanished, Start.AddMinutes(26)), (hole.Closing, hole.Until));
        ledger = Played([(5, "followed"), (20, "failed"), (1, "vanished"), (30, "read-anew")], twice: false);
        Assert.Equal([HoleClosing.Vanished, HoleClosing.ReadAnew], ledger.Holes.Select(static one => one.Closing!.Value));
        Assert.Equal((ledger.Spans[0].Until, ledger.Spans[1].From), (ledger.Holes[1].From, ledger.Holes[1].Until));
    }

    private static CoverageLedger Played(IEnumerable<(int Minutes, string What)> events, bool twice)
    {
        var (ledger, now, point, looked, sequence) = (Empty, Start, 0, Start, 0L);
        foreach (var (minutes, what) in events)
        {
            now = now.AddMinutes(minutes);
            sequence++;
            var before = (point, looked);
            Func<CoverageLedger, CoverageLedger> act = what switch
            {
                "followed" => one => one.Covered(Run(before.looked, before.point), Mark(before.point + 1), sequence, now),
                "read-anew" => one => one.Covered(Run(now.AddMinutes(-1), before.point + 100), Mark(before.point + 101), sequence, now),
                "failed" => one => one.Failed("provider-down", Patience, now),
                "expired" => one => one.Opened(CoverageLedger.CursorExpired, now),
                "lost" => one => one.Opened("grant-dead", now),
                "vanished" => one => one.Vanished(now),
                _ => one => one,
            };
            ledger = act(ledger);
            ledger = twice ? act(ledger) : ledger;
            (point, looked) = what switch
            {
                "followed" => (point + 1, now),
                "read-anew" => (point + 101, now),
                _ => (point, looked),
            };
            if (what == "unheard" && !ledger.Spans.IsEmpty)
            {
                ledger = ledger.Unheard(ledger.Spans[^1].From, now);
            }
        }

        return ledger;
    }

    private static CoverageRun Run(DateTimeOffset from, int point) => new(from, Mark(point), 1, "a", "b");

    private static string Mark(int point) => CoverageRun.MarkOf($"{point}");

    private static bool Same(CoverageLedger one, CoverageLedger other) =>
        one.Spans.SequenceEqual(other.Spans) && one.Holes.SequenceEqual(other.Holes) && one.Sequence == other.Sequence;

    private static bool IsSound(CoverageLedger ledger)
    {
        var spans = ledger.Spans;
        var inOrder = spans.All(static span => span.From <= span.Until)
            && spans.Zip(spans.Skip(1)).All(static pair => pair.First.Until <= pair.Second.From);
        var accounted = spans.Zip(spans.Skip(1)).All(pair => ledger.Holes.Any(hole =>
            hole.From == pair.First.Until && hole.Until == pair.Second.From && hole.Closing == HoleClosing.ReadAnew));
        var open = ledger.Holes.Where(static hole => hole.ClosedAt is null).ToList();
        var dated = ledger.Holes.All(static hole => (hole.Until ?? hole.From) >= hole.From);
        return inOrder && accounted && dated && open.Count <= 1 && (open.Count == 0 || open[0].From == spans[^1].Until);
    }
}
