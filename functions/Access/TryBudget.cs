namespace PracticPro.Access;

/// <summary>
/// How often something may be tried, key by key: a bucket of tries that fills again, one after each
/// <paramref name="refill"/>. A try is taken before it is made, so that many at once cannot outrun the count, and given
/// back when it turned out to be good. In memory, for this process; at most <see cref="MostKeys"/> keys, and when they
/// are all in use a new one has to wait: a flood of made-up keys must not push out what is known of real ones.
/// </summary>
internal sealed class TryBudget(int capacity, TimeSpan refill, TimeProvider time)
{
    public const int MostKeys = 50_000;

    private readonly Lock gate = new();

    // Key → the moment at which its bucket is full again. A key that is not here has a full bucket.
    private readonly Dictionary<string, DateTimeOffset> fullAt = new(StringComparer.Ordinal);

    /// <summary>Takes one try. Null when there was one; else how long to wait for the next.</summary>
    public TimeSpan? Take(string key)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (!fullAt.ContainsKey(key) && fullAt.Count >= MostKeys && !Sweep(now))
            {
                return refill;
            }

            var used = Later(fullAt.GetValueOrDefault(key), now) + refill;
            var wait = used - now - (capacity * refill);
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            fullAt[key] = used;
            return null;
        }
    }

    public void GiveBack(string key)
    {
        lock (gate)
        {
            if (fullAt.TryGetValue(key, out var until))
            {
                fullAt[key] = until - refill;
            }
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>True when there is room again.</summary>
    private bool Sweep(DateTimeOffset now)
    {
        foreach (var (key, until) in fullAt.ToList())
        {
            if (until <= now)
            {
                fullAt.Remove(key);
            }
        }

        return fullAt.Count < MostKeys;
    }
}
