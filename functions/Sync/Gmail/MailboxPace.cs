namespace PracticPro.Sync.Gmail;

/// <summary>
/// Keeps one mailbox's calls under the provider's quota, so that the provider never has to say no: a bucket of one
/// minute's units that fills evenly. Waiters are served in order.
/// Source: Gmail usage limits, 6,000 units a minute a user (2026-05-01).
/// </summary>
internal sealed class MailboxPace(int unitsPerMinute, TimeProvider time)
{
    private readonly Lock gate = new();
    private double available = unitsPerMinute;
    private DateTimeOffset filledAt = time.GetUtcNow();

    public Task SpendAsync(int units, CancellationToken cancellation)
    {
        var wait = Reserve(units);
        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, cancellation);
    }

    /// <summary>Takes the units now, going below zero if need be, and says how long until they are earned.</summary>
    private TimeSpan Reserve(int units)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            // A clock set back earns nothing, and takes nothing away.
            var earned = Math.Max(0, (now - filledAt).TotalMinutes * unitsPerMinute);
            available = Math.Min(unitsPerMinute, available + earned) - units;
            filledAt = now;
            return available >= 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(-available / unitsPerMinute);
        }
    }
}
