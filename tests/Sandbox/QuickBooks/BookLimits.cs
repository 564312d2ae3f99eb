namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// Counts requests: so many a second and a minute for each company, and so many reads a calendar month for the whole
/// workspace. Refused calls count for nothing. Null is no limit. Source: Intuit "API call limits and throttles".
/// </summary>
internal sealed class BookLimits(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _calls = new(StringComparer.Ordinal);
    private (int Year, int Month) _month;

    /// <summary>Intuit's own figure is 10.</summary>
    public int? PerSecond { get; set; }

    /// <summary>Intuit's own figure is 500.</summary>
    public int? PerMinute { get; set; }

    /// <summary>Reads of the workspace a month; 500,000 in the Builder tier.</summary>
    public int? PerMonth { get; set; }

    /// <summary>Reads answered this month.</summary>
    public int ReadsThisMonth { get; private set; }

    public int Refused { get; private set; }

    /// <summary>The most calls of one company answered within any one second so far.</summary>
    public int BusiestSecond { get; private set; }

    public bool Admits(string realm, bool reads)
    {
        lock (_gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (!_calls.TryGetValue(realm, out Queue<DateTimeOffset>? calls))
            {
                _calls.Add(realm, calls = []);
            }

            while (calls.TryPeek(out DateTimeOffset oldest) && oldest <= now - TimeSpan.FromMinutes(1))
            {
                calls.Dequeue();
            }

            if (_month != (now.Year, now.Month))
            {
                _month = (now.Year, now.Month);
                ReadsThisMonth = 0;
            }

            int second = calls.Count(at => at > now - TimeSpan.FromSeconds(1));
            if (second >= PerSecond || calls.Count >= PerMinute || (reads && ReadsThisMonth >= PerMonth))
            {
                Refused++;
                return false;
            }

            calls.Enqueue(now);
            BusiestSecond = Math.Max(BusiestSecond, second + 1);
            ReadsThisMonth += reads ? 1 : 0;
            return true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            ReadsThisMonth = 0;
            Refused = 0;
            BusiestSecond = 0;
        }
    }
}
