using System.Collections.Immutable;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.Streams;

[Trait("Promise", "SYNC-1")]
public sealed class StreamPlanTests
{
    private static readonly ConnectionId Connection = ConnectionId.New(TimeProvider.System);
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);
    private static readonly StreamName One = StreamName.Parse("one");
    private static readonly StreamName Other = StreamName.Parse("other");

    private static readonly StreamCursor Fresh = new(Connection, One);
    private static readonly StreamCursor Reading = Fresh with { Generation = 1, Point = "1", Owes = true };
    private static readonly StreamCursor InStep = Reading with { Phase = SyncPhase.InStep, Owes = false, LookedAt = Start };

    [Fact]
    public void The_plan_begins_reads_sweeps_follows_and_waits()
    {
        Assert.IsType<StreamStep.Discover>(StreamPlan.Next(null, [], StreamNews.None, new(Poll, Watch: false), Start));
        Assert.IsType<StreamStep.Begin>(Next([Fresh]));
        Assert.IsType<StreamStep.Read>(Next([Reading]));
        Assert.IsType<StreamStep.RenewWatch>(Next([Reading], watch: true));
        Assert.IsType<StreamStep.RenewWatch>(Next([Reading], watch: true, until: Start.AddDays(6).AddSeconds(-1)));
        Assert.IsType<StreamStep.Read>(Next([Reading], watch: true, until: Start.AddDays(6)));
        Assert.IsType<StreamStep.Sweep>(Next([Reading with { Phase = SyncPhase.Sweeping }]));
        Assert.IsType<StreamStep.Follow>(Next([Reading with { Phase = SyncPhase.InStep }]));
        Assert.IsType<StreamStep.Follow>(Next([InStep], new StreamNews("1.1", [])));
        Assert.IsType<StreamStep.Follow>(Next([InStep], new StreamNews(null, [One])));
        Assert.IsType<StreamStep.Follow>(Next([InStep with { Page = "2" }]));
        Assert.IsType<StreamStep.Follow>(Next([InStep with { LookedAt = Start - Poll }]));
        Assert.IsType<StreamStep.Follow>(Next([InStep with { LookedAt = Start.AddYears(1) }]));
        Assert.Equal(new StreamStep.Wait(Start + Poll, Rest: false), Next([InStep]));
        Assert.Equal(new StreamStep.Wait(Start + Poll, Rest: false), Next([InStep with { Heard = "1.1" }], new StreamNews("1.1", [Other])));
    }

    [Fact]
    public void News_that_come_soon_after_a_look_wait_a_moment_for_their_followers()
    {
        var moment = TimeSpan.FromMilliseconds(500);
        var news = new StreamNews("1.1", []);
        Assert.Equal(new StreamStep.Wait(Start + moment, Rest: true), Next([InStep], news, betweenLooks: moment));
        Assert.IsType<StreamStep.Follow>(Next([InStep with { LookedAt = Start - moment }], news, betweenLooks: moment));

        // Nobody waits who has more to do, or was not told.
        Assert.IsType<StreamStep.Follow>(Next([InStep with { Page = "2" }], news, betweenLooks: moment));
        Assert.Equal(
            new StreamStep.Wait(Start + moment, Rest: false),
            Next([InStep, InStep with { Stream = Other }], new StreamNews(null, [One]), betweenLooks: moment));
    }

    [Fact]
    public void A_stream_that_failed_rests_and_no_other_one_with_it()
    {
        var sick = Reading with { Failures = 2, RestUntil = Start.AddSeconds(4) };
        Assert.Equal(new StreamStep.Wait(Start.AddSeconds(4), Rest: true), Next([sick], new StreamNews("1.1", [])));
        var next = Assert.IsType<StreamStep.Follow>(Next([sick, InStep with { Stream = Other }], new StreamNews("1.1", [])));
        Assert.Equal(Other, next.Cursor.Stream);
        Assert.IsType<StreamStep.Read>(Next([sick with { RestUntil = Start }]));
        Assert.IsType<StreamStep.Read>(Next([sick with { RestUntil = Start.AddHours(1) }]));
    }

    [Fact]
    public void Of_all_that_is_due_the_one_comes_next_that_took_no_step_for_longest()
    {
        var next = Next(
        [
            Reading with { SteppedAt = Start, Sequence = 5 },
            Reading with { Stream = Other, SteppedAt = Start.AddSeconds(-1), Sequence = 4 },
        ]);
        Assert.Equal(Other, Assert.IsType<StreamStep.Read>(next).Cursor.Stream);
    }

    [Fact]
    public void A_stream_that_is_no_more_is_asked_about_and_then_left_alone()
    {
        var closing = StreamProgress.Vanished(InStep);
        Assert.IsType<StreamStep.Sweep>(Next([closing], streams: [Other]));
        Assert.IsType<StreamStep.Wait>(Next([closing with { Phase = SyncPhase.Closed }], streams: [Other]));
        Assert.IsType<StreamStep.Begin>(Next([closing]));
        Assert.IsType<StreamStep.Begin>(Next([closing with { Phase = SyncPhase.Closed }]));
    }

    [Fact]
    public void What_a_stream_left_is_not_asked_about_before_it_is_known_whether_the_stream_is_there()
    {
        var unknown = new StreamRoll(Connection, [Other], DiscoveredAt: null, Start, RestUntil: Start.AddSeconds(4), Failures: 1);
        var rhythm = new StreamRhythm(Poll, Watch: false);
        var closing = StreamProgress.Vanished(InStep);

        Assert.Equal(
            new StreamStep.Wait(Start.AddSeconds(4), Rest: true), StreamPlan.Next(unknown, [closing], StreamNews.None, rhythm, Start));
        Assert.IsType<StreamStep.Discover>(StreamPlan.Next(unknown, [closing], StreamNews.None, rhythm, Start.AddSeconds(4)));
    }

    [Fact]
    public void The_streams_are_asked_for_every_six_hours()
    {
        Assert.IsType<StreamStep.Discover>(Next([InStep], discovered: Start.AddHours(-6)));
        Assert.IsType<StreamStep.Wait>(Next([InStep], discovered: Start.AddHours(-6).AddSeconds(1)));
    }

    private static StreamStep Next(
        ImmutableArray<StreamCursor> cursors,
        StreamNews? news = null,
        bool watch = false,
        DateTimeOffset? until = null,
        ImmutableArray<StreamName>? streams = null,
        DateTimeOffset? discovered = null,
        TimeSpan betweenLooks = default) => StreamPlan.Next(
            new StreamRoll(Connection, streams ?? [One, Other], discovered ?? Start, Start, WatchUntil: until),
            cursors,
            news ?? StreamNews.None,
            new StreamRhythm(Poll, watch, betweenLooks),
            Start);
}
