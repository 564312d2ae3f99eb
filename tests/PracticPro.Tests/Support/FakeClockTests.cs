namespace PracticPro.Tests.Support;

public sealed class FakeClockTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public void Timers_fire_at_their_own_times_in_order()
    {
        var start = clock.GetUtcNow();
        var fired = new List<(string Name, TimeSpan At)>();
        using var late = Timer("late", seconds: 5, every: null, fired, start);
        using var every = Timer("every", seconds: 2, every: 2, fired, start);

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(
            [("every", TimeSpan.FromSeconds(2)), ("every", TimeSpan.FromSeconds(4)), ("late", TimeSpan.FromSeconds(5))],
            fired);
        Assert.Equal(start + TimeSpan.FromSeconds(5), clock.GetUtcNow());
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_is_moved()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);

        clock.Advance(TimeSpan.FromMinutes(1));
        await delay;
    }

    [Fact]
    public void Setting_the_wall_clock_fires_nothing_and_leaves_elapsed_time()
    {
        var fired = new List<(string Name, TimeSpan At)>();
        using var timer = Timer("timer", seconds: 1, every: null, fired, clock.GetUtcNow());
        var stamp = clock.GetTimestamp();

        clock.Set(clock.GetUtcNow() + TimeSpan.FromDays(1));

        Assert.Empty(fired);
        Assert.Equal(TimeSpan.Zero, clock.GetElapsedTime(stamp));
    }

    [Fact]
    public void A_disposed_timer_stays_silent()
    {
        var fired = new List<(string Name, TimeSpan At)>();
        Timer("timer", seconds: 1, every: null, fired, clock.GetUtcNow()).Dispose();

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(fired);
    }

    private ITimer Timer(
        string name, int seconds, int? every, List<(string Name, TimeSpan At)> fired, DateTimeOffset start) =>
        clock.CreateTimer(
            _ => fired.Add((name, clock.GetUtcNow() - start)),
            state: null,
            TimeSpan.FromSeconds(seconds),
            every is { } period ? TimeSpan.FromSeconds(period) : Timeout.InfiniteTimeSpan);
}
