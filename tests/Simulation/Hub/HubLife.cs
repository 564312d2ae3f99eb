using System.Diagnostics;
using System.Globalization;

namespace PracticPro.Simulation.Hub;

/// <summary>How a life of the hub's process ended.</summary>
internal enum HubEnd
{
    KilledAtWrite,
    KilledAtMoment,

    /// <summary>It had done all it was asked before its moment came, and was killed waiting.</summary>
    KilledAtRest,

    /// <summary>It finished and closed the hub.</summary>
    Finished,

    /// <summary>It ended or hung by itself: a fault.</summary>
    Broken,
}

/// <summary>What one process is asked to do, and when it dies.</summary>
/// <param name="From">The first share it asks for; it asks for all before <paramref name="To"/>.</param>
/// <param name="AtWrite">Dies before that write; 0 for none.</param>
/// <param name="After">Dies that long after it began to open the hub; null for not by the clock.</param>
/// <param name="Cached">Instances the hub keeps in memory.</param>
internal sealed record HubLife(int From, int To, int AtWrite, TimeSpan? After, int Cached)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Dies by nothing: does what it is asked and stops.</summary>
    public static HubLife Calm(int to, int cached) => new(0, to, 0, null, cached);

    /// <returns>The end; and for a life that got everything done, its time and its writes.</returns>
    public async Task<(HubEnd End, TimeSpan Took, int Writes)> LiveAsync(
        string folder,
        SteadyClock clock,
        CancellationToken cancellation)
    {
        using var process = Start(folder, clock);
        try
        {
            return await WatchAsync(process, cancellation).WaitAsync(Patience, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            return (HubEnd.Broken, Patience, 0);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task<(HubEnd End, TimeSpan Took, int Writes)> WatchAsync(Process process, CancellationToken cancellation)
    {
        await process.StandardOutput.ReadLineAsync(cancellation);
        var watch = Stopwatch.StartNew();
        var done = process.StandardOutput.ReadLineAsync(cancellation).AsTask();
        if (After is { } after && await Task.WhenAny(done, Moment(after, cancellation)) != done)
        {
            process.Kill();
            await process.WaitForExitAsync(cancellation);
            return (HubEnd.KilledAtMoment, watch.Elapsed, 0);
        }

        if (await done is not { } line)
        {
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode > 128 && AtWrite > 0 ? HubEnd.KilledAtWrite : HubEnd.Broken, watch.Elapsed, 0);
        }

        var (took, writes) = (watch.Elapsed, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        if (AtWrite > 0 || After is not null)
        {
            process.Kill();
            return (HubEnd.KilledAtRest, took, writes);
        }

        await process.StandardInput.WriteLineAsync();
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode == 0 ? HubEnd.Finished : HubEnd.Broken, took, writes);
    }

    private static Task Moment(TimeSpan after, CancellationToken cancellation) =>
        Task.Delay(after, TimeProvider.System, cancellation);

    private Process Start(string folder, SteadyClock clock)
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        var start = new ProcessStartInfo(self) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PracticPro.Simulation.dll"));
        }

        foreach (var word in (string[])["hub-worker", folder, Text(From), Text(To), Text(AtWrite), Text(Cached), clock.ToString()])
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
