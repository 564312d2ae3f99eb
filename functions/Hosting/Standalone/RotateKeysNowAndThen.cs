using PracticPro.Keys.Rotation;

namespace PracticPro.Hosting.Standalone;

/// <summary>Looks every six hours whose keys are due, where no Functions host does.</summary>
internal sealed partial class RotateKeysNowAndThen(
    RotateKeysWhenDue rotate, TimeProvider time, ILogger<RotateKeysNowAndThen> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Not at once: a start has more urgent things to do.
            await Task.Delay(Round, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await rotate.RunAsync(stoppingToken);
            }
            catch (Exception trouble) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrouble(logger, trouble.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                // The program ends.
            }
        }
    }

    [LoggerMessage(231, LogLevel.Error, "Whose keys are due could not be looked at ({Kind}).")]
    private static partial void LogTrouble(ILogger logger, string kind);
}
