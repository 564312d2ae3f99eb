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
        List<WorkflowOrder?> orders = [.. deliveries.Select(Read)];
        for (int at = 0, count; at < orders.Count; at += count)
        {
            count = AlikeFrom(orders, at);
            await (orders[at] is WorkflowOrder.Raise { Merges: true } told
                ? CarryAsOneAsync(queue, [.. deliveries.Skip(at).Take(count)], told, cancellation)
                : Task.WhenAll(Enumerable.Range(at, count).Select(one => CarryAsync(queue, deliveries[one], orders[one], cancellation))));
        }

        return deliveries.Count > 0;
    }

    /// <summary>Null for one that cannot be read: what is before it is to be carried first.</summary>
    private static WorkflowOrder? Read(QueueDelivery delivery)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkflowOrder>(delivery.Body.Span, JsonShapes.Stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// How many orders from there on say the same to the same instance, and differ only in which delivery they are: in whichever
    /// order they come, the instance sees the same. Those go side by side, and wait for the disk together; all others go one
    /// behind the other.
    /// </summary>
    private static int AlikeFrom(List<WorkflowOrder?> orders, int at)
    {
        var count = 1;
        while (orders[at] is WorkflowOrder.Raise first
            && at + count < orders.Count
            && orders[at + count] is WorkflowOrder.Raise next
            && next with { Delivery = first.Delivery } == first)
        {
            count++;
        }

        return count;
    }

    private async Task CarryAsync(IQueue queue, QueueDelivery delivery, WorkflowOrder? order, CancellationToken cancellation)
    {
        var isCarried = await CarryAsync(order ?? throw new JsonException("An order that cannot be read."), cancellation);
        await LetGoAsync(queue, delivery, isCarried, cancellation);
    }

    /// <summary>All were written before any is carried, so one of them says what they all say.</summary>
    private async Task CarryAsOneAsync(
        IQueue queue, IReadOnlyList<QueueDelivery> deliveries, WorkflowOrder.Raise told, CancellationToken cancellation)
    {
        var isCarried = await CarryAsync(told, cancellation);
        await Task.WhenAll(deliveries.Select(delivery => LetGoAsync(queue, delivery, isCarried, cancellation)));
    }

    private static async Task LetGoAsync(IQueue queue, QueueDelivery delivery, bool isCarried, CancellationToken cancellation)
    {
        if (isCarried)
        {
            await queue.CompleteAsync(WorkflowOutbox.Queue, delivery.Receipt, cancellation);
        }
        else
        {
            await queue.ReleaseAsync(WorkflowOutbox.Queue, delivery.Receipt, TryAgainAfter, cancellation);
        }
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
