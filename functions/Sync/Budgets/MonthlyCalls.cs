using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Sync.Budgets;

/// <summary>
/// A month's calls, counted over all processes and through restarts: they are taken from the fleet in numbered batches, each
/// of which one process gets. What a process that ends has left of its batch is lost. Classes with less hurry stop before
/// the month is spent.
/// </summary>
internal sealed class MonthlyCalls(string provider, int calls, IFleet fleet, TimeProvider time) : IDisposable
{
    /// <summary>Calls a batch.</summary>
    public const int BatchSize = 100;

    // Looked at again before the month is over: a clock may have been wrong.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly string process = IdText.New("batch", time);
    private string month = "";
    private int batch;
    private int left;

    /// <summary>Takes a call of this month's. <see cref="SyncFailures.RateLimited"/> when its class has none left.</summary>
    public async ValueTask<Outcome<Done>> TakeAsync(CallOrder order, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (MonthOf(now) != month)
            {
                (month, left) = (MonthOf(now), 0);
                batch = await TakenAsync(cancellation);
            }

            while (left < order.Units)
            {
                if (!IsLeft(order) || (batch + 1) * BatchSize > calls)
                {
                    return new SyncFailures.RateLimited(UntilNextMonth(now));
                }

                await NextBatchAsync(order.Tenant, cancellation);
            }

            if (!IsLeft(order))
            {
                return new SyncFailures.RateLimited(UntilNextMonth(now));
            }

            left -= order.Units;
            return Done.Value;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The call was not made.</summary>
    public async ValueTask GiveBackAsync(CallOrder order)
    {
        await turn.WaitAsync(CancellationToken.None);
        left += order.Units;
        turn.Release();
    }

    public void Dispose() => turn.Dispose();

    // Every batch but the rest of our own counts as spent: what the others have left of theirs is not known.
    private bool IsLeft(CallOrder order) =>
        (batch * BatchSize) - left + order.Units <= calls * CallPriorities.MonthlyShare(order.Priority);

    private async ValueTask NextBatchAsync(TenantId tenant, CancellationToken cancellation)
    {
        batch++;
        var entry = new FleetEntry(tenant, process);
        if (await fleet.ClaimAsync(Key(month, batch), entry, cancellation))
        {
            left += BatchSize;
        }

        // The month before last is over on every clock: its entries are let go one for one.
        var old = Key(MonthOf(time.GetUtcNow().AddMonths(-2)), batch);
        if (await fleet.FindAsync(old, cancellation) is { } done)
        {
            await fleet.ReleaseAsync(old, done, cancellation);
        }
    }

    /// <summary>Number of the last batch somebody has. They are taken in order, so that it can be searched by halving.</summary>
    private async ValueTask<int> TakenAsync(CancellationToken cancellation)
    {
        var (taken, free) = (0, 1);
        while (await IsTakenAsync(free, cancellation))
        {
            (taken, free) = (free, free * 2);
        }

        while (free - taken > 1)
        {
            var middle = taken + ((free - taken) / 2);
            (taken, free) = await IsTakenAsync(middle, cancellation) ? (middle, free) : (taken, middle);
        }

        return taken;
    }

    private async ValueTask<bool> IsTakenAsync(int number, CancellationToken cancellation) =>
        await fleet.FindAsync(Key(month, number), cancellation) is not null;

    private FleetKey Key(string ofMonth, int number) =>
        new("monthly-calls", string.Create(CultureInfo.InvariantCulture, $"{provider}.{ofMonth}.{number}"));

    private static string MonthOf(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMM", CultureInfo.InvariantCulture);

    private static TimeSpan UntilNextMonth(DateTimeOffset now)
    {
        var wait = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1) - now;
        return wait < LongestWait ? wait : LongestWait;
    }
}
