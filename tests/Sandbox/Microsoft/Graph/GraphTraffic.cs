namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>
/// The two limits of Outlook for one app and one mailbox: requests at once, and requests in ten minutes. It also counts
/// the reads that carried a body, so that a test can prove there were none.
/// </summary>
internal sealed class GraphTraffic(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string App, string Mailbox), int> _running = [];
    private readonly Dictionary<(string App, string Mailbox), Queue<DateTimeOffset>> _recent = [];
    private int _bodies;
    private int _refusedAtOnce;
    private int _highest;

    /// <summary>Requests at once; the real figure is 4.</summary>
    public int MostAtOnce { get; set; } = 4;

    /// <summary>Requests in ten minutes; null for no limit. The real figure is 10,000.</summary>
    public int? MostInTenMinutes { get; set; }

    public int BodiesServed => Volatile.Read(ref _bodies);

    public int RefusedAtOnce => Volatile.Read(ref _refusedAtOnce);

    /// <summary>The most requests that ran at once.</summary>
    public int Highest => Volatile.Read(ref _highest);

    public void CountBody() => Interlocked.Increment(ref _bodies);

    /// <summary>Lets a request in, or says why not. Whoever was let in leaves again.</summary>
    public GraphError? Enter(string app, string mailbox)
    {
        lock (_gate)
        {
            int running = _running.GetValueOrDefault((app, mailbox));
            if (running >= MostAtOnce)
            {
                _refusedAtOnce++;
                return GraphError.TooManyAtOnce(1);
            }

            if (MostInTenMinutes is int limit)
            {
                DateTimeOffset now = clock.GetUtcNow();
                if (!_recent.TryGetValue((app, mailbox), out Queue<DateTimeOffset>? recent))
                {
                    _recent.Add((app, mailbox), recent = []);
                }

                while (recent.TryPeek(out DateTimeOffset oldest) && oldest <= now - Window)
                {
                    recent.Dequeue();
                }

                if (recent.Count >= limit)
                {
                    return GraphError.Throttled((int)Math.Ceiling((recent.Peek() + Window - now).TotalSeconds));
                }

                recent.Enqueue(now);
            }

            _running[(app, mailbox)] = running + 1;
            _highest = Math.Max(_highest, running + 1);
            return null;
        }
    }

    public void Leave(string app, string mailbox)
    {
        lock (_gate)
        {
            _running[(app, mailbox)]--;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _recent.Clear();
            _bodies = 0;
            _refusedAtOnce = 0;
            _highest = 0;
            MostAtOnce = 4;
            MostInTenMinutes = null;
        }
    }
}
