namespace PracticPro.Sandbox;

/// <summary>
/// The clock underneath, moved by an offset that can be changed while everything runs. Timers keep the pace of the
/// clock underneath: a jump moves what time it is, not what is being waited for.
/// </summary>
internal sealed class OffsetClock(TimeProvider underneath) : TimeProvider
{
    private long _offsetTicks;

    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => underneath.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => underneath.GetUtcNow() + Offset;

    public override long GetTimestamp() => underneath.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        underneath.CreateTimer(callback, state, dueTime, period);
}
