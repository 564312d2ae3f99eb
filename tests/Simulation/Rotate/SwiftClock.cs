namespace PracticPro.Simulation.Rotate;

/// <summary>
/// Time that is moved in steps, so that hours pass in seconds. Timers fire on threads of the pool, as those of the machine do.
/// </summary>
internal sealed class SwiftClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly Lock gate = new();
    private readonly List<SwiftTimer> timers = [];
    private TimeSpan elapsed;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsed.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(GetTimestamp());

    public void Advance(TimeSpan step)
    {
        List<SwiftTimer> due;
        lock (gate)
        {
            elapsed += step;
            due = timers.FindAll(timer => timer.DueAt <= elapsed);
            foreach (var timer in due)
            {
                // One that should have fired twice meanwhile fires once, as with a machine that was busy.
                timer.DueAt = elapsed + timer.Period;
            }

            timers.RemoveAll(timer => timer.Period == TimeSpan.Zero && timer.DueAt <= elapsed);
        }

        due.ForEach(static timer => ThreadPool.UnsafeQueueUserWorkItem(static one => one.Fire(), timer, preferLocal: false));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SwiftTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SwiftTimer(SwiftClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period > TimeSpan.Zero ? period : TimeSpan.Zero;
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
