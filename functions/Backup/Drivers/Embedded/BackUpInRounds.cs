using System.Globalization;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// Runs the rounds of a backup while the program serves, and one last round when it ends. A program that is killed goes
/// on with the next start: what it had not copied is in the logs.
/// </summary>
internal sealed partial class BackUpInRounds(
    EmbeddedBackup backup, BackupOptions options, BackupStatus status, TimeProvider time, ILogger<BackUpInRounds> logger)
    : BackgroundService
{
    private static readonly TimeSpan LastRound = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the start of the program: a round reads and writes files, and waits for them.
        await Task.Yield();
        var before = status.Now;
        while (!stoppingToken.IsCancellationRequested)
        {
            await RoundAsync(stoppingToken);
            Tell(before, status.Now);
            before = status.Now;
            await Task.Delay(options.Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Once more, when nobody writes any longer; also for a program that ended before its first round.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is null or { IsCompleted: true })
        {
            using var end = new CancellationTokenSource(LastRound, time);
            await RoundAsync(end.Token);
        }
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        try
        {
            status.Set(await backup.RunAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The program ends.
        }
        catch (Exception error)
        {
            status.Set(status.Now with { IsOn = true, Trouble = "a round of the backup failed" });
            LogFailed(logger, error.GetType().Name);
        }
    }

    /// <summary>Says when trouble begins, goes on in another way, and ends; not in every round.</summary>
    private void Tell(BackupStanding before, BackupStanding now)
    {
        if (now.Trouble is { } trouble && trouble != before.Trouble)
        {
            LogTrouble(logger, trouble, Moment(now.CoveredUntil));
        }
        else if (now.Trouble is null && (before.Trouble is not null || before.CoveredUntil is null))
        {
            LogWell(logger, now.Streams, Moment(now.CoveredUntil));
        }
    }

    private static string Moment(DateTimeOffset? at) =>
        at?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "no moment yet";

    [LoggerMessage(370, LogLevel.Information, "The backup is in step: {Files} files, covered up to {Moment}.")]
    private static partial void LogWell(ILogger logger, int files, string moment);

    [LoggerMessage(371, LogLevel.Error, "The backup stands still: {Trouble}. Covered up to {Moment}; trying again.")]
    private static partial void LogTrouble(ILogger logger, string trouble, string moment);

    [LoggerMessage(372, LogLevel.Error, "A round of the backup failed ({Kind}); trying again.")]
    private static partial void LogFailed(ILogger logger, string kind);
}
