using System.Collections.Concurrent;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Notices a clock that was set back. What is held, or waits, was then decided in the future and would stay hidden for as
/// long as the clock went back: each such message gets its own wait again from now. Receipts stay good, so nothing is handed
/// out twice for it. Looked for at a tenant's first use in this process, when the clock goes back, and every ten minutes,
/// since the clock may have been another process's.
/// </summary>
internal sealed class QueueClocks
{
    private const int MostAtOnce = 500;
    private static readonly long LookEvery = (long)TimeSpan.FromMinutes(10).TotalMilliseconds;
    private readonly ConcurrentDictionary<TenantId, (long Latest, long LookedAt)> clocks = new();
    private readonly Turns turns = new();

    /// <summary>One receiver of a tenant at a time in this process: they would only take each other's messages away.</summary>
    public Task<IDisposable> EnterAsync(TenantId tenant, CancellationToken cancellation) => turns.EnterAsync(tenant, cancellation);

    public async ValueTask NoticeAsync(TenantPartition partition, CancellationToken cancellation)
    {
        var now = partition.Now;
        var isKnown = clocks.TryGetValue(partition.Tenant, out var clock);
        if (isKnown && now >= clock.Latest && now - clock.LookedAt < LookEvery)
        {
            clocks[partition.Tenant] = (now, clock.LookedAt);
            return;
        }

        var late = await QueueRows.ReadAsync(partition, QueueRows.SetAfter(now), MostAtOnce, cancellation);
        foreach (var message in late)
        {
            var write = WriteId.New();
            var wait = Math.Max(0, message.VisibleAt - message.SetAt);

            // What was given up is visible since ever, and stays so.
            var anew = message with { VisibleAt = message.VisibleAt == 0 ? 0 : now + wait, SetAt = now };
            var text = anew.Write(partition.Tenant, write);
            await partition.WriteAsync(write, new ItemWrite.Replace(message.Name, text, message.Version), cancellation);
        }

        if (late.Count < MostAtOnce)
        {
            clocks[partition.Tenant] = (now, now);
        }
    }
}
