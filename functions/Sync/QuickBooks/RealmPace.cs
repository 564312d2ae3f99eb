namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Keeps the calls to one company under what Intuit allows, so that it never has to say no: so many in any second, so many in
/// any minute. Whoever comes first goes first. Source: Intuit, "API call limits and throttles": 10 a second, 500 a minute.
/// </summary>
internal sealed class RealmPace(TimeProvider time, int aSecond = 10, int aMinute = 500)
{
    private readonly Lock gate = new();
    private readonly Queue<long> made = new();

    public async Task EnterAsync(CancellationToken cancellation)
    {
        while (Reserve() is { } wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellation);
        }
    }

    /// <summary>Zero when the call may be made now, and is counted.</summary>
    private TimeSpan Reserve()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            while (made.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= TimeSpan.FromMinutes(1))
            {
                made.Dequeue();
            }

            var wait = Until(aSecond, TimeSpan.FromSeconds(1), now);
            var longer = Until(aMinute, TimeSpan.FromMinutes(1), now);
            wait = longer > wait ? longer : wait;
            if (wait == TimeSpan.Zero)
            {
                made.Enqueue(now);
            }

            return wait;
        }
    }

    private TimeSpan Until(int most, TimeSpan window, long now)
    {
        if (made.Count < most)
        {
            return TimeSpan.Zero;
        }

        var left = window - time.GetElapsedTime(made.ElementAt(made.Count - most), now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
