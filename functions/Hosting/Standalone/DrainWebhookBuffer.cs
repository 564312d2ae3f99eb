using PracticPro.Storage;
using PracticPro.Sync.Push;

namespace PracticPro.Hosting.Standalone;

/// <summary>
/// Carries buffered notifications to their tenants when the store can be used again, where no Functions host does
/// (<see cref="CarryBufferedPush"/>). Ends at once where there is no buffer.
/// </summary>
internal sealed partial class DrainWebhookBuffer(
    IWebhookBuffer buffer, CarryBufferedPush carry, TimeProvider time, ILogger<DrainWebhookBuffer> logger) : BackgroundService
{
    private const int AtOnce = 16;

    // Also how long a notification rests after a try that failed.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (buffer.IsThere && !stoppingToken.IsCancellationRequested)
        {
            if (!await TryRoundAsync(stoppingToken))
            {
                await Task.Delay(Round, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>True when all that was found was carried: there may be more.</summary>
    private async Task<bool> TryRoundAsync(CancellationToken stopping)
    {
        try
        {
            var deliveries = await buffer.ReceiveAsync(AtOnce, Hold, stopping);
            var carried = 0;
            foreach (var delivery in deliveries)
            {
                carried += await CarryAsync(delivery, stopping) ? 1 : 0;
            }

            return carried > 0 && carried == deliveries.Count;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception trouble)
        {
            LogTrouble(logger, trouble.GetType().Name);
            return false;
        }
    }

    private async Task<bool> CarryAsync(WebhookDelivery delivery, CancellationToken stopping)
    {
        // One more than the tries: the last of them may have ended without a word, in a crash.
        if (delivery.Webhook is null || delivery.Deliveries > IQueue.MaximumDeliveries)
        {
            await buffer.GiveUpAsync(delivery.Receipt, stopping);
            return true;
        }

        try
        {
            await carry.RunAsync(delivery.Webhook, stopping);
        }
        catch (Exception trouble) when (!stopping.IsCancellationRequested)
        {
            LogTrouble(logger, trouble.GetType().Name);
            if (delivery.Deliveries >= IQueue.MaximumDeliveries)
            {
                await buffer.GiveUpAsync(delivery.Receipt, stopping);
            }

            return false;
        }

        await buffer.CompleteAsync(delivery.Receipt, stopping);
        return true;
    }

    [LoggerMessage(361, LogLevel.Warning, "A buffered notification could not be carried ({Kind}); trying again.")]
    private static partial void LogTrouble(ILogger logger, string kind);
}
