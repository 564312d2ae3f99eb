using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Gmail;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Asks the provider to tell of changes for another week. A watch that cannot be had is no reason to stop: polling goes
/// on, and the watch is asked for again in an hour.
/// </summary>
internal static class RenewWatch
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan WatchLength = TimeSpan.FromDays(7);

    public static async Task<Outcome<Done>> RunAsync(
        StepScope step, GmailMailbox mailbox, SyncOptions options, CancellationToken cancellation)
    {
        var outcome = await mailbox.WatchAsync(options.PushTopic, cancellation);
        if (outcome.Failure is { } why and not SyncFailures.ProviderRefused)
        {
            return why;
        }

        // A refused watch is dated so that its renewal is due in an hour.
        var soonest = step.Now + StreamPlan.RenewBefore + TryAgainAfter;
        var until = outcome.Try(out var watch, out _) ? Until(watch.Expiration, step.Now) : soonest;
        // Where the provider's clock is far behind ours, its watch would be due again at once, and nothing else be done.
        until = until < soonest ? soonest : until;
        var next = step.Roll!.Value with { WatchUntil = until, Failures = 0 };
        await step.Tenant.CommitAsync([step.Tenant.Put(SyncKinds.Roll, next, Condition.Is(step.Roll.Version))], cancellation);
        return Done.Value;
    }

    private static DateTimeOffset Until(string expiration, DateTimeOffset now) =>
        long.TryParse(expiration, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds < now.AddDays(30).ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : now + WatchLength;
}
