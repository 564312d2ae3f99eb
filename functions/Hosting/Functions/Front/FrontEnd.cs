using PracticPro.Cli;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// When and how the front ends of itself: because the host has gone, or because only a new process helps. Never with 0,
/// which the host would take for a good end and not start another; and never while a call is being answered, for as long
/// as that can be waited for.
/// </summary>
internal sealed partial class FrontEnd(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FrontEnd> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private int underWay;
    private int exitCode = ExitCodes.Failed;
    private int restarting;

    public int ExitCode => Volatile.Read(ref exitCode);

    /// <summary>One more call is being answered, until this is disposed.</summary>
    public Call Begin()
    {
        Interlocked.Increment(ref underWay);
        return new Call(this);
    }

    public void HostHasGone()
    {
        LogHostGone(log);
        Volatile.Write(ref exitCode, ExitCodes.HostGone);
        lifetime.StopApplication();
    }

    /// <summary>Asks the host for a new process, once what is under way is answered.</summary>
    public void RestartSoon()
    {
        if (Interlocked.Exchange(ref restarting, 1) == 0)
        {
            LogRestarting(log);
            _ = RestartAsync();
        }
    }

    private async Task RestartAsync()
    {
        var since = time.GetTimestamp();
        while (Volatile.Read(ref underWay) > 0 && time.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(Moment, time);
        }

        Volatile.Write(ref exitCode, ExitCodes.RestartWanted);
        lifetime.StopApplication();
    }

    [LoggerMessage(924, LogLevel.Warning, "The host that started this process has gone; so does this.")]
    private static partial void LogHostGone(ILogger log);

    [LoggerMessage(925, LogLevel.Error, "Too many turns never end. This process asks the host for another.")]
    private static partial void LogRestarting(ILogger log);

    /// <summary>One call under way.</summary>
    internal readonly struct Call(FrontEnd end) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref end.underWay);
    }
}
