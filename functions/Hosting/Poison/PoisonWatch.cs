using System.Diagnostics.Metrics;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Kernel;
using PracticPro.Storage;
using Paging = PracticPro.Storage.Paging;

namespace PracticPro.Hosting.Poison;

/// <summary>
/// Counts what was given up on, in every tenant's queues and in the platform's, and wakes a person (<see cref="Paging"/>):
/// at once when there is more of it than at the look before, and every hour while there is any. What it remembers goes with
/// the process, and then it pages once more: better once too often.
/// </summary>
internal sealed partial class PoisonWatch : IDisposable
{
    /// <summary>Every queue that a tenant has. A test holds it against the names in the program.</summary>
    public static readonly IReadOnlyList<QueueName> OfTenants = [WorkflowOutbox.Queue];

    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly IFleet fleet;
    private readonly IStorage storage;
    private readonly IPlatformQueues platform;
    private readonly TimeProvider time;
    private readonly ILogger<PoisonWatch> log;
    private readonly Meter meter = new(Paging.Meter);
    private readonly SemaphoreSlim looking = new(1, 1);
    private readonly Dictionary<TenantId, Dictionary<QueueName, long>> before = [];
    private volatile IReadOnlyDictionary<string, Standing> standings = new Dictionary<string, Standing>(StringComparer.Ordinal);

    public PoisonWatch(IFleet fleet, IStorage storage, IPlatformQueues platform, TimeProvider time, ILogger<PoisonWatch> log)
    {
        (this.fleet, this.storage, this.platform, this.time, this.log) = (fleet, storage, platform, time, log);
        meter.CreateObservableGauge(
            Paging.Poison,
            () => standings.Select(static one => new Measurement<long>(one.Value.Count, new KeyValuePair<string, object?>("queue", one.Key))),
            description: "Messages that were given up on and wait for a person.");
    }

    [Function("watch-poison")]
    public static Task RunAsync([TimerTrigger("50 */5 * * * *")] TimerTick tick, PoisonWatch watch, CancellationToken cancellation) =>
        watch.LookAsync(cancellation);

    /// <summary>For tests, which run many programs side by side in one process.</summary>
    public bool Owns(Meter other) => ReferenceEquals(meter, other);

    /// <summary>Looks once. Of a store that cannot be asked it keeps what it knew: that trouble is not its to report.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await looking.WaitAsync(cancellation);
        try
        {
            var now = new Dictionary<string, Standing>(standings, StringComparer.Ordinal);
            foreach (var (queue, count) in await CountOfTenantsAsync(cancellation))
            {
                now[queue.Text] = Judge(queue.Text, now.GetValueOrDefault(queue.Text), count);
            }

            foreach (var queue in platform.Names)
            {
                var name = "platform/" + queue;
                var known = now.GetValueOrDefault(name);
                var count = await OrAsync(known.Count, () => platform.CountPoisonAsync(queue, cancellation));
                now[name] = Judge(name, known, new Counted(count, count > known.Count));
            }

            standings = now;
        }
        finally
        {
            looking.Release();
        }
    }

    public void Dispose()
    {
        meter.Dispose();
        looking.Dispose();
    }

    /// <summary>One tenant's rise is not hidden by another's fall.</summary>
    private async Task<Dictionary<QueueName, Counted>> CountOfTenantsAsync(CancellationToken cancellation)
    {
        var counts = OfTenants.ToDictionary(static queue => queue, static _ => new Counted(0, false));
        var seen = new List<(TenantId Tenant, Dictionary<QueueName, long> Counts)>();
        try
        {
            await foreach (var tenant in fleet.TenantsAsync(cancellation))
            {
                var known = before.GetValueOrDefault(tenant) ?? [];
                var now = new Dictionary<QueueName, long>();
                foreach (var queue in OfTenants)
                {
                    var earlier = known.GetValueOrDefault(queue);
                    var count = await OrAsync(earlier, () => storage.For(tenant).Queue.CountPoisonAsync(queue, cancellation));
                    now[queue] = count;
                    counts[queue] = new Counted(counts[queue].Count + count, counts[queue].Rose || count > earlier);
                }

                seen.Add((tenant, now));
            }

            // Only of a whole look: a rise that was seen in one that broke off was not told, and still has to be.
            seen.ForEach(one => Remember(one.Tenant, one.Counts));
            return counts;
        }
        catch (StorageUnavailableException)
        {
            // Not all tenants were seen: a sum of some would look like a fall.
            return [];
        }
    }

    // Almost every tenant has none: only the others are remembered.
    private void Remember(TenantId tenant, Dictionary<QueueName, long> counts)
    {
        if (counts.Values.Any(static count => count > 0))
        {
            before[tenant] = counts;
        }
        else
        {
            before.Remove(tenant);
        }
    }

    private Standing Judge(string queue, Standing known, Counted counted)
    {
        var now = time.GetUtcNow();
        if (counted.Count == 0 || (!counted.Rose && now - known.PagedAt < Again))
        {
            return known with { Count = counted.Count };
        }

        LogPage(log, counted.Count, queue);
        return new Standing(counted.Count, now);
    }

    private static async ValueTask<long> OrAsync(long otherwise, Func<ValueTask<long>> count)
    {
        try
        {
            return await count();
        }
        catch (Exception trouble) when (trouble is StorageUnavailableException
            or StorageCorruptException or StorageTooNewException or StorageNotReleasedException)
        {
            return otherwise;
        }
    }

    [LoggerMessage(
        Paging.EventId,
        LogLevel.Error,
        Paging.Words + "{Count} messages of {Queue} were given up on. See the runbook for poison messages; poison list shows whose they are.")]
    private static partial void LogPage(ILogger log, long count, string queue);

    private readonly record struct Counted(long Count, bool Rose);

    /// <summary>What is known of one queue.</summary>
    private readonly record struct Standing(long Count, DateTimeOffset PagedAt);
}
