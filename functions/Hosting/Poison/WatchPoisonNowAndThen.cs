namespace PracticPro.Hosting.Poison;

/// <summary>Has the <see cref="PoisonWatch"/> look every five minutes, where no Functions host does.</summary>
internal sealed partial class WatchPoisonNowAndThen(PoisonWatch watch, TimeProvider time, ILogger<WatchPoisonNowAndThen> logger)
    : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await watch.LookAsync(stoppingToken);
            }
            catch (Exception trouble) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrouble(logger, trouble.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                // The program ends.
            }

            await Task.Delay(Round, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(362, LogLevel.Error, "Messages that were given up on could not be counted ({Kind}).")]
    private static partial void LogTrouble(ILogger logger, string kind);
}
