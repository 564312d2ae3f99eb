using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Hosting.Functions.Workflows;

/// <summary>
/// Passes each ring of the bell on to the queue that wakes the function. A ring that cannot be passed on is dropped after
/// a word in the log: the orders are in the outbox, and the rounds look there.
/// </summary>
internal sealed partial class RingThroughQueue(QueueBell bell, QueueClient queue, TimeProvider time, ILogger<RingThroughQueue> log)
    : BackgroundService
{
    private const int NotFound = 404;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RingAsync(await bell.NextAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The program ends.
            }
            catch (Exception trouble)
            {
                LogDropped(log, trouble.GetType().Name);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RingAsync(TenantId tenant, CancellationToken cancellation)
    {
        var message = JsonSerializer.Serialize(new OrderFunctions.Ring(tenant), JsonShapes.Stored);
        try
        {
            await queue.SendMessageAsync(message, cancellation);
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellation);
            await queue.SendMessageAsync(message, cancellation);
        }
    }

    [LoggerMessage(952, LogLevel.Warning, "A ring for workflow orders was not passed on ({Kind}); the rounds carry them.")]
    private static partial void LogDropped(ILogger log, string kind);
}
