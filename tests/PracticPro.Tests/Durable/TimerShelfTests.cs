using PracticPro.Durable.Embedded;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable;

/// <summary>When the hub is woken for a timer, whatever the clock does while the alarm is being set.</summary>
public sealed class TimerShelfTests
{
    private readonly FakeClock clock = new();
    private int woken;

    [Fact]
    public void The_hub_is_woken_when_a_timer_is_due_and_not_before()
    {
        using var shelf = Shelf(clock);
        shelf.Added(clock.GetUtcNow().AddSeconds(50));
        shelf.Arm();
        clock.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal(0, woken);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, woken);
    }

    [Fact]
    public void An_alarm_that_was_held_up_while_it_was_set_is_not_late_by_that()
    {
        using var shelf = Shelf(new HoldingUp(clock, TimeSpan.FromSeconds(20)));
        shelf.Added(clock.GetUtcNow().AddSeconds(50));
        shelf.Arm();
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, woken);
    }

    [Fact]
    public void A_timer_that_fell_due_while_its_alarm_was_set_wakes_the_hub_at_once()
    {
        using var shelf = Shelf(new HoldingUp(clock, TimeSpan.FromSeconds(50)));
        shelf.Added(clock.GetUtcNow().AddSeconds(50));
        shelf.Arm();
        Assert.Equal(1, woken);
    }

    private TimerShelf Shelf(TimeProvider time) => new(time, () => woken++);

    /// <summary>The same clock, which moves on by so much just before a timer is first set, as when its thread has to wait.</summary>
    private sealed class HoldingUp(FakeClock clock, TimeSpan by) : TimeProvider
    {
        private bool held;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new HeldUp(this, clock.CreateTimer(callback, state, dueTime, period));

        private void HoldUpOnce()
        {
            if (!held)
            {
                held = true;
                clock.Advance(by);
            }
        }

        private sealed class HeldUp(HoldingUp time, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.HoldUpOnce();
                return timer.Change(dueTime, period);
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
