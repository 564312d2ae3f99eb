namespace PracticPro.Tests.Support;

/// <summary>
/// A clock that moves only when told. Timers fire inside <see cref="Advance"/>, in order of their due times and with
/// the clock standing at each of them. May be set back with <see cref="Set"/>, which fires nothing.
/// </summary>
internal sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private DateTimeOffset now = start;
    private long elapsed;

    public FakeClock()
        : this(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsed;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    /// <summary>Sets the wall clock, as an operator would: timers run on the time that passes, not on this.</summary>
    public void Set(DateTimeOffset to)
    {
        lock (gate)
        {
            now = to;
        }
    }

    public void Advance(TimeSpan by)
    {
        long end;
        lock (gate)
        {
            end = elapsed + by.Ticks;
        }

        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (gate)
        {
            Move(end);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private FakeTimer? NextDue(long end)
    {
        lock (gate)
        {
            var timer = timers.Where(candidate => candidate.DueAt <= end).MinBy(candidate => candidate.DueAt);
            if (timer is not null)
            {
                Move(Math.Max(elapsed, timer.DueAt));
                timer.Rearm();
            }

            return timer;
        }
    }

    private void Move(long to)
    {
        now = now.AddTicks(to - elapsed);
        elapsed = to;
    }

    private sealed class FakeTimer(FakeClock clock, Action fire) : ITimer
    {
        private TimeSpan every = Timeout.InfiniteTimeSpan;

        public long DueAt { get; private set; }

        public void Fire() => fire();

        public void Rearm()
        {
            if (every > TimeSpan.Zero)
            {
                DueAt += every.Ticks;
            }
            else
            {
                clock.timers.Remove(this);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                every = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                DueAt = clock.elapsed + dueTime.Ticks;
                clock.timers.Add(this);
            }

            // As a real timer would: at once, but not on the caller's stack.
            if (dueTime == TimeSpan.Zero)
            {
                _ = Task.Run(() => clock.Advance(TimeSpan.Zero));
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
