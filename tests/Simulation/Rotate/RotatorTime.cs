namespace PracticPro.Simulation.Rotate;

/// <summary>
/// The clock as one program that rotates sees it: the same time, and known is whether the program waits for it. While it
/// waits, hours may pass; while it works, they would make it look slow.
/// </summary>
internal sealed class RotatorTime(TimeProvider clock) : TimeProvider
{
    private int waiting;

    public bool IsWaiting => Volatile.Read(ref waiting) > 0;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period > TimeSpan.Zero || dueTime == Timeout.InfiniteTimeSpan)
        {
            return clock.CreateTimer(callback, state, dueTime, period);
        }

        Interlocked.Increment(ref waiting);
        var awaited = new AwaitedTimer(this);
        awaited.Inner = clock.CreateTimer(
            _ =>
            {
                awaited.End();
                callback(state);
            },
            null,
            dueTime,
            period);
        return awaited;
    }

    private sealed class AwaitedTimer(RotatorTime owner) : ITimer
    {
        private int ended;

        public ITimer? Inner { get; set; }

        public void End()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0)
            {
                Interlocked.Decrement(ref owner.waiting);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Inner!.Change(dueTime, period);

        public void Dispose()
        {
            End();
            Inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
