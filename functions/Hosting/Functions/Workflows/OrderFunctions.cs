using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Hosting.Functions.Workflows;

/// <summary>
/// How workflow orders reach the engine under the Functions host. What serves HTTP only writes them into the tenant's
/// outbox and rings; these carry them, since only they are told where the engine is.
/// </summary>
internal static partial class OrderFunctions
{
    public const string Bell = "workflow-orders";
    public const string PoisonBell = "workflow-orders-poison";

    [Function("carry-workflow-orders")]
    public static Task CarryAsync(
        [QueueTrigger(Bell)] Ring ring, [DurableClient] IHub hub, IStorage storage, CancellationToken cancellation) =>
        CarryAsync(ring.Tenant, hub, storage, cancellation);

    /// <summary>For whatever a crash, or a lost ring, left behind.</summary>
    [Function("make-order-rounds")]
    public static async Task MakeRoundsAsync(
        [TimerTrigger("20 * * * * *")] TimerTick tick,
        [DurableClient] IHub hub,
        IFleet fleet,
        IStorage storage,
        RoundsMade rounds,
        ILogger<RoundsMade> log,
        CancellationToken cancellation)
    {
        await foreach (var tenant in fleet.TenantsAsync(cancellation))
        {
            try
            {
                if (rounds.IsFirstOf(tenant))
                {
                    await CarryOrders.TakeUpAgainAsync(storage.For(tenant).Queue, cancellation);
                }

                await CarryAsync(tenant, hub, storage, cancellation);
            }
            catch (StorageUnavailableException)
            {
                // One tenant's trouble keeps no other waiting; the next round tries again.
                LogSkipped(log, tenant);
            }
        }
    }

    /// <summary>A ring that could not be answered five times. The orders themselves are where they were: the rounds carry them.</summary>
    [Function("count-lost-rings")]
    public static Task CountLostAsync([QueueTrigger(PoisonBell)] string ring, RoundsMade rounds, ILogger<RoundsMade> log)
    {
        LogLost(log, rounds.CountLostRing(), ring.Length);
        return Task.CompletedTask;
    }

    private static async Task CarryAsync(TenantId tenant, IHub hub, IStorage storage, CancellationToken cancellation)
    {
        var carry = new CarryOrders(hub);
        while (await carry.RunAsync(storage.For(tenant).Queue, cancellation))
        {
            // More orders may be waiting behind these.
        }
    }

    [LoggerMessage(950, LogLevel.Error, "A ring for workflow orders was given up ({Count} since the start, {Length} characters); the rounds carry them.")]
    private static partial void LogLost(ILogger log, long count, int length);

    [LoggerMessage(951, LogLevel.Warning, "Workflow orders of {Tenant} wait for the next round.")]
    private static partial void LogSkipped(ILogger log, TenantId tenant);

    /// <summary>The message of a ring: whose orders wait. Nothing of them is in it.</summary>
    internal sealed record Ring(TenantId Tenant);
}
