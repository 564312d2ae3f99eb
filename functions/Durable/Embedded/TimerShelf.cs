namespace PracticPro.Durable.Embedded;

/// <summary>
/// Wakes the hub when the next timer is due. The table decides what is due; this only says when to look. It looks at
/// least once a minute while anything waits, so that a clock that is set forward or back moves no timer by more.
/// A timer row is deleted in the transaction that delivers it: whatever the clock does, it fires once.
/// </summary>
internal sealed class TimerShelf : IDisposable
{
    /// <summary>
    /// A timer this close to its time is due. An instance's clock may run ahead of ours by the ticks that keep its
    /// turns apart, and waking again for them would be for nothing.
    /// </summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private readonly TimeProvider time;
    private readonly Action wake;
    private readonly ITimer alarm;
    private DateTimeOffset? nextDueAt;
    private bool changed;

    public TimerShelf(TimeProvider time, Action wake)
    {
        this.time = time;
        this.wake = wake;
        alarm = time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something is due that has not been delivered.</summary>
    public bool IsDue => nextDueAt - Tolerance <= time.GetUtcNow();

    public void Added(DateTimeOffset dueAt)
    {
        if (nextDueAt is null || dueAt < nextDueAt)
        {
            Set(dueAt);
        }
    }

    public void Set(DateTimeOffset? dueAt)
    {
        nextDueAt = dueAt;
        changed = true;
    }

    /// <summary>Sets the alarm. Called after the commit.</summary>
    public void Arm()
    {
        if (!changed || nextDueAt is not { } dueAt)
        {
            return;
        }

        changed = false;
        DateTimeOffset from;
        do
        {
            from = time.GetUtcNow();
            alarm.Change(WaitFrom(from, dueAt), Timeout.InfiniteTimeSpan);
        }

        // Told from one moment and begun at a later one, the wait ends too late by as much: it is told again.
        while (time.GetUtcNow() - from > Tolerance);

        if (IsDue)
        {
            wake();
        }
    }

    public void Dispose() => alarm.Dispose();

    private static TimeSpan WaitFrom(DateTimeOffset from, DateTimeOffset dueAt)
    {
        var wait = dueAt - Tolerance - from;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }
}
