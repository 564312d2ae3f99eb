using PracticPro.Sync.Channels;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.Channels;

public sealed class ChannelPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(2);

    [Fact]
    public void Where_there_is_none_one_is_opened()
    {
        var plan = Of([], Start);

        Assert.True(plan.Opens);
        Assert.Empty(plan.Closes);
    }

    [Fact]
    public void One_with_days_to_live_is_left_alone_unless_it_is_silent()
    {
        Channel[] one = [Channel(Start)];

        Assert.False(Of(one, Start.AddDays(4)).Opens);
        Assert.True(ChannelPlan.Of(one, RenewBefore, isSilent: true, Start.AddDays(4)).Opens);
    }

    [Fact]
    public void Two_days_before_its_end_it_gets_a_successor_and_speaks_on()
    {
        var plan = Of([Channel(Start)], Start.AddDays(5));

        Assert.True(plan.Opens);
        Assert.Empty(plan.Closes);
    }

    [Fact]
    public void The_old_one_is_closed_when_both_have_spoken_long_enough()
    {
        var old = Channel(Start);
        var successor = Channel(Start.AddDays(5));

        Assert.Empty(Of([old, successor], Start.AddDays(5).AddMinutes(9)).Closes);
        Assert.Equal([old], Of([old, successor], Start.AddDays(5).AddMinutes(10)).Closes);
        Assert.False(Of([old, successor], Start.AddDays(5).AddMinutes(10)).Opens);
    }

    [Fact]
    public void What_has_ended_is_cleared_away()
    {
        var old = Channel(Start);

        var plan = Of([old], Start.AddDays(8));

        Assert.True(plan.Opens);
        Assert.Null(plan.Current);
        Assert.Equal([old], plan.Closes);
    }

    private static ChannelPlan Of(Channel[] channels, DateTimeOffset now) =>
        ChannelPlan.Of(channels, RenewBefore, isSilent: false, now);

    private static Channel Channel(DateTimeOffset openedAt) => new(
        ChannelId.New(TimeProvider.System), ConnectionId.New(TimeProvider.System), StreamName.Parse("primary"),
        "provider's", "resource", openedAt, openedAt.AddDays(7));
}
