using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Durable;

/// <summary>
/// Orders to the task hub, written together with the change they follow from. The tenant's store and the hub are two
/// stores: without this, a crash between the two writes would change a thing and never act on it. The pump carries each
/// order over, at least once; the hub takes it once.
/// </summary>
internal static class WorkflowOutbox
{
    public static readonly QueueName Queue = new("workflow-orders");

    /// <param name="orderId">Equal for equal orders; a repeat within seven days is dropped.</param>
    public static Operation Start<TInput, TOutput>(
        OrchestrationName<TInput, TOutput> name, InstanceId instance, TInput input, string orderId) =>
        Enqueue(new WorkflowOrder.Start(instance, name.Text, JsonSerializer.Serialize(input, JsonShapes.Stored)), orderId);

    /// <param name="orderId">Equal for equal orders; also what the instance de-duplicates the event by.</param>
    /// <param name="merges">See <see cref="WorkflowOrder.Raise"/>.</param>
    public static Operation Raise<T>(
        InstanceId instance, EventName<T> name, T payload, string orderId, bool merges = false) =>
        Enqueue(
            new WorkflowOrder.Raise(instance, name.Text, JsonSerializer.Serialize(payload, JsonShapes.Stored), orderId, merges),
            orderId);

    /// <summary>The same instance once more, as it was started: for one that has ended without its own doing.</summary>
    /// <param name="input">JSON text or null.</param>
    /// <param name="orderId">Equal for equal orders; a repeat within seven days is dropped.</param>
    public static Operation StartAgain(string name, InstanceId instance, string? input, string orderId) =>
        Enqueue(new WorkflowOrder.Start(instance, name, input ?? "null"), orderId);

    private static Operation.Enqueue Enqueue(WorkflowOrder order, string orderId) =>
        new(Queue, new QueueMessage(JsonSerializer.SerializeToUtf8Bytes(order, JsonShapes.Stored), orderId));
}

/// <summary>One order as it lies in the outbox. Ids only.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Raise), "raise")]
internal abstract record WorkflowOrder
{
    private WorkflowOrder()
    {
    }

    /// <param name="Input">JSON text.</param>
    public sealed record Start(InstanceId Instance, string Name, string Input) : WorkflowOrder;

    /// <param name="Payload">JSON text.</param>
    /// <param name="Merges">
    /// Several that wait together, and say the same to the same instance, are as good as one: the instance hears it once, after
    /// the last of them was written.
    /// </param>
    public sealed record Raise(
        InstanceId Instance, string Event, string Payload, string Delivery, bool Merges = false) : WorkflowOrder;
}
