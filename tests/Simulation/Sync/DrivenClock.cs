namespace PracticPro.Simulation.Sync;

/// <summary>
/// A clock that moves when it is told. Timers fire inside <see cref="Advance"/>, each at its own time, in order. What the
/// wall shows can be set beside it, as an administrator would: no timer notices.
/// </summary>
internal sealed class DrivenClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly PriorityQueue<Waiting, TimeSpan> due = new();
    private TimeSpan elapsed;
    private TimeSpan off;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far the wall is off.</summary>
    public TimeSpan Off
    {
        get
        {
            lock (gate)
            {
                return off;
            }
        }

        set
        {
            lock (gate)
            {
                off = value;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return Start + elapsed + off;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsed.Ticks;
        }
    }

    public void Advance(TimeSpan step)
    {
        TimeSpan end;
        lock (gate)
        {
            end = elapsed + step;
        }

        while (Next(end) is { } timer)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new DrivenTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    // The move to the end belongs to the look that found nothing due: a timer set between the two would lie in the past.
    private DrivenTimer? Next(TimeSpan end)
    {
        lock (gate)
        {
            while (due.TryPeek(out var waiting, out var at) && at <= end)
            {
                due.Dequeue();
                if (waiting.Change != waiting.Timer.Changes)
                {
                    continue;
                }

                elapsed = at > elapsed ? at : elapsed;
                if (waiting.Timer.Period > TimeSpan.Zero)
                {
                    due.Enqueue(waiting, at + waiting.Timer.Period);
                }

                return waiting.Timer;
            }

            elapsed = elapsed > end ? elapsed : end;
            return null;
        }
    }

    // A change makes what was queued before it void.
    private readonly record struct Waiting(DrivenTimer Timer, int Change);

    private sealed class DrivenTimer(DrivenClock clock, TimerCallback callback, object? state) : ITimer
    {
        public int Changes { get; private set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                Changes++;
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    clock.due.Enqueue(new Waiting(this, Changes), clock.elapsed + dueTime);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                Changes++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
