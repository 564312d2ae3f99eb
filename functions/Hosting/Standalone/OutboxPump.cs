using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Hosting.Standalone;

/// <summary>
/// Carries every tenant's workflow orders to the embedded hub: at once when a tenant's store was written to, and in a
/// round over all tenants at start and now and then, for whatever a crash left behind.
/// </summary>
internal sealed partial class OutboxPump(
    IFleet fleet, IStorage storage, QueueBell bell, CarryOrders carry, OutboxRounds rounds, TimeProvider time, ILogger<OutboxPump> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(AnswerBellAsync(stoppingToken), GoRoundAsync(stoppingToken));

    private async Task AnswerBellAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await GuardedAsync(async () => await CarryAsync(await bell.NextAsync(stopping), stopping), stopping);
        }
    }

    private async Task GoRoundAsync(CancellationToken stopping)
    {
        var takenUp = new HashSet<TenantId>();
        while (!stopping.IsCancellationRequested)
        {
            await GuardedAsync(
                async () =>
                {
                    await foreach (var tenant in fleet.TenantsAsync(stopping))
                    {
                        if (takenUp.Add(tenant))
                        {
                            await CarryOrders.TakeUpAgainAsync(storage.For(tenant).Queue, stopping);
                        }

                        await CarryAsync(tenant, stopping);
                    }
                },
                stopping);
            await Task.Delay(rounds.Every, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Trouble delays orders and loses none: they stay where they are until the next round.</summary>
    private async Task GuardedAsync(Func<Task> carrying, CancellationToken stopping)
    {
        try
        {
            await carrying();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program ends.
        }
        catch (Exception error)
        {
            LogTrouble(logger, error.GetType().Name);
        }
    }

    private async Task CarryAsync(TenantId tenant, CancellationToken cancellation)
    {
        while (await carry.RunAsync(storage.For(tenant).Queue, cancellation))
        {
            // More orders may be waiting behind these.
        }
    }

    [LoggerMessage(901, LogLevel.Warning, "Workflow orders could not be carried ({Kind}); trying again.")]
    private static partial void LogTrouble(ILogger logger, string kind);
}

/// <summary>How often all tenants' queues are looked at although no bell was rung for them.</summary>
/// <param name="Every">A look costs nothing on this machine, and some request units a tenant on Azure.</param>
internal sealed record OutboxRounds(TimeSpan Every);
