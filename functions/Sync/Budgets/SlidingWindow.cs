namespace PracticPro.Sync.Budgets;

/// <summary>
/// Counts what was spent in the last stretch of an allowance's length, in sixtieths, the oldest of them whole: what it admits
/// is never over the limit in any stretch of that length. A bucket that fills evenly would be, by as much as it holds.
/// Takes times that never go back; not safe for several threads.
/// </summary>
internal sealed class SlidingWindow(Allowance allowance)
{
    private const int Parts = 60;

    // One more than the length has, since the oldest is only partly in it.
    private readonly long[] spent = new long[Parts + 1];
    private readonly long part = Math.Max(1, (allowance.Window.Ticks + Parts - 1) / Parts);
    private long newest;
    private long total;

    public int Limit => allowance.Units;

    public long Spent(TimeSpan now)
    {
        MoveTo(now);
        return total;
    }

    public void Spend(int units, TimeSpan now)
    {
        MoveTo(now);
        spent[newest % spent.Length] += units;
        total += units;
    }

    /// <summary>How long until so many may be spent under a ceiling; zero: now.</summary>
    public TimeSpan WaitFor(int units, long ceiling, TimeSpan now)
    {
        MoveTo(now);
        var over = total + units - ceiling;
        for (var at = Math.Max(0, newest - Parts); over > 0 && at <= newest; at++)
        {
            over -= spent[at % spent.Length];
            if (over <= 0)
            {
                return TimeSpan.FromTicks((at + Parts + 1) * part) - now;
            }
        }

        return TimeSpan.Zero;
    }

    private void MoveTo(TimeSpan now)
    {
        var current = now.Ticks / part;
        var clear = Math.Min(current - newest, spent.Length);
        for (var ahead = 1; ahead <= clear; ahead++)
        {
            ref var slot = ref spent[(newest + ahead) % spent.Length];
            total -= slot;
            slot = 0;
        }

        newest = Math.Max(newest, current);
    }
}
