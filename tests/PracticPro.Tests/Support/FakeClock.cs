namespace PracticPro.Tests.Support;

/// <summary>
/// A clock that moves only when told. Timers fire inside <see cref="Advance"/>, each at its own time, in order.
/// Setting the clock (<see cref="Set"/>) moves the wall time alone, as an administrator would: no timer notices.
/// </summary>
internal sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private DateTimeOffset now = start;
    private TimeSpan elapsed;

    public FakeClock()
        : this(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsed.Ticks;
        }
    }

    public void Set(DateTimeOffset wall)
    {
        lock (gate)
        {
            now = wall;
        }
    }

    public void Advance(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero);
        TimeSpan end;
        lock (gate)
        {
            end = elapsed + step;
        }

        while (NextDue(end) is { } due)
        {
            due.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>How long until the next timer is due; null when none is set.</summary>
    public TimeSpan? UntilNextTimer()
    {
        lock (gate)
        {
            return timers.Count == 0 ? null : timers.Min(timer => timer.DueAt) - elapsed;
        }
    }

    /// <summary>
    /// Moves to the next timer that is due by then, or else to the end. Both under one lock: a timer that another thread
    /// set between the last look and the last move would lie in the past, and nobody would fire it.
    /// </summary>
    private FakeTimer? NextDue(TimeSpan end)
    {
        lock (gate)
        {
            var due = timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            if (due is null)
            {
                MoveTo(end);
                return null;
            }

            MoveTo(due.DueAt);
            if (due.Period > TimeSpan.Zero)
            {
                due.DueAt += due.Period;
            }
            else
            {
                timers.Remove(due);
            }

            return due;
        }
    }

    private void MoveTo(TimeSpan target)
    {
        if (target > elapsed)
        {
            now += target - elapsed;
            elapsed = target;
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueAt = clock.elapsed + dueTime;
                    clock.timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
