using System.Globalization;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Ends the front when the host that started it is gone: a host that is killed takes nobody along, and the next one
/// starts a front of its own, on the same stores.
/// </summary>
/// <param name="parent">Who this process's parent is now; null where that cannot be told.</param>
internal sealed class HostWatch(Func<int?> parent, FrontEnd end, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>From Linux's own file (proc(5)); elsewhere it cannot be told.</summary>
    public static int? ParentOfThisProcess()
    {
        try
        {
            var stat = File.ReadAllText("/proc/self/stat");
            // The name before it is in brackets, and may hold anything.
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception elsewhere) when (elsewhere is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (parent() is not { } first)
        {
            return;
        }

        while (parent() is { } now && now == first)
        {
            await Task.Delay(BetweenLooks, time, stoppingToken);
        }

        end.HostHasGone();
    }
}
