using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Durable;

/// <summary>
/// Carries one tenant's outbox orders to the hub. An order leaves the outbox only after the hub has it on disk.
/// Starting what runs already, and raising to what has ended, count as carried out: both are what a repeat looks like.
/// </summary>
internal sealed class CarryOrders(IHub hub)
{
    private const int AtOnce = 50;
    // Also how long orders rest after a crash in the middle of carrying them. Carried twice is carried once.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Takes up again what was given up: an order that was in hand at five crashes is as good as any other. For the start
    /// of the program.
    /// </summary>
    public static ValueTask<int> TakeUpAgainAsync(IQueue queue, CancellationToken cancellation) =>
        queue.ReplayPoisonAsync(WorkflowOutbox.Queue, cancellation);

    /// <summary>True when orders were found: there may be more.</summary>
    public async Task<bool> RunAsync(IQueue queue, CancellationToken cancellation)
    {
        var deliveries = await queue.ReceiveAsync(WorkflowOutbox.Queue, AtOnce, Hold, cancellation);
        foreach (var delivery in deliveries)
        {
            var order = JsonSerializer.Deserialize<WorkflowOrder>(delivery.Body.Span, JsonShapes.Stored)!;
            if (await CarryAsync(order, cancellation))
            {
                await queue.CompleteAsync(WorkflowOutbox.Queue, delivery.Receipt, cancellation);
            }
            else
            {
                await queue.ReleaseAsync(WorkflowOutbox.Queue, delivery.Receipt, TryAgainAfter, cancellation);
            }
        }

        return deliveries.Count > 0;
    }

    private async Task<bool> CarryAsync(WorkflowOrder order, CancellationToken cancellation) => order switch
    {
        WorkflowOrder.Start start => await hub.StartAsync(
            new StartRequest(start.Name, start.Instance, start.Input, RestartCompleted: true), cancellation)
            is StartOutcome.Started or StartOutcome.AlreadyExists,

        // An instance that is not there yet has its start order behind this one, or in another delivery.
        WorkflowOrder.Raise raise => await hub.RaiseEventAsync(
            new RaiseRequest(raise.Instance, raise.Event, raise.Payload, DeliveryId.Parse(raise.Delivery)), cancellation)
            is RaiseOutcome.Raised or RaiseOutcome.AlreadyCompleted,
        _ => throw new InvalidOperationException("An unknown order."),
    };
}
