namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// Counts quota units per mailbox over the last sixty seconds. Refused calls cost nothing.
/// Without a limit nothing is counted.
/// </summary>
internal sealed class QuotaMeter(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<(DateTimeOffset At, int Units)>> _spent =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Units a minute and mailbox; null for no limit. Gmail's own figure is 6,000.</summary>
    public int? UnitsPerMinute { get; set; }

    /// <summary>Spends the units, or answers when enough of them will be free again.</summary>
    public DateTimeOffset? Spend(string mailbox, int units)
    {
        if (UnitsPerMinute is not int limit)
        {
            return null;
        }

        lock (_gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (!_spent.TryGetValue(mailbox, out Queue<(DateTimeOffset At, int Units)>? spent))
            {
                _spent.Add(mailbox, spent = []);
            }

            while (spent.TryPeek(out (DateTimeOffset At, int Units) oldest) && oldest.At <= now - Window)
            {
                spent.Dequeue();
            }

            int used = spent.Sum(entry => entry.Units);
            if (used + units > limit)
            {
                return FreeAt(spent, used + units - limit, now);
            }

            spent.Enqueue((now, units));
            return null;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _spent.Clear();
        }
    }

    private static DateTimeOffset FreeAt(
        IEnumerable<(DateTimeOffset At, int Units)> spent, int missing, DateTimeOffset now)
    {
        foreach ((DateTimeOffset at, int units) in spent)
        {
            missing -= units;
            if (missing <= 0)
            {
                return at + Window;
            }
        }

        return now + Window;
    }
}
