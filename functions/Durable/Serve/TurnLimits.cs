using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>When the turns in hand are overdue. One limit for all of them, so the oldest is always the next.</summary>
internal sealed class TurnLimits(TimeProvider time, TimeSpan limit, CommandQueue queue)
{
    // Tokens only: a turn that was answered long ago must not be kept in memory until its time would have come.
    private readonly Queue<(string Token, long OfferedAt)> byAge = new();
    private ITimer? alarm;

    public void Add(string token) => byAge.Enqueue((token, time.GetTimestamp()));

    /// <summary>Takes out those whose time is over, answered or not.</summary>
    public List<string> Overdue()
    {
        alarm?.Dispose();
        alarm = null;
        List<string> over = [];
        while (byAge.TryPeek(out var oldest) && time.GetElapsedTime(oldest.OfferedAt) >= limit)
        {
            over.Add(byAge.Dequeue().Token);
        }

        return over;
    }

    public void Arm(ServedDispatch dispatch)
    {
        if (alarm is null && byAge.TryPeek(out var oldest))
        {
            var left = limit - time.GetElapsedTime(oldest.OfferedAt);
            alarm = time.CreateTimer(
                _ => queue.Post(new ReviewTurns(dispatch)),
                null,
                left > TimeSpan.Zero ? left : TimeSpan.Zero,
                Timeout.InfiniteTimeSpan);
        }
    }
}
