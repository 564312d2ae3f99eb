using PracticPro.Keys.Destruction;

namespace PracticPro.Hosting.Shredding;

/// <summary>Has <see cref="TryShredded"/> look every hour what is due, where no Functions host does.</summary>
internal sealed partial class TryShreddedNowAndThen(TryShredded control, TimeProvider time, ILogger<TryShreddedNowAndThen> logger)
    : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await control.RunAsync(stoppingToken);
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

    [LoggerMessage(243, LogLevel.Error, "Whether destroyed keys stay destroyed could not be tried ({Kind}).")]
    private static partial void LogTrouble(ILogger logger, string kind);
}
