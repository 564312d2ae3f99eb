namespace PracticPro.Storage;

/// <summary>
/// The queues that are no tenant's, by the names they have in the storage account. What is given up on goes to the queue
/// of the same name with <see cref="Poison"/> behind it, which is how the Functions host names it.
/// </summary>
internal static class PlatformQueues
{
    /// <summary>Notifications of providers that came when the store could not be used.</summary>
    public const string WebhookBuffer = "webhook-buffer";

    /// <summary>Rings for workflow orders.</summary>
    public const string WorkflowOrders = "workflow-orders";

    public const string Poison = "-poison";

    public const string WebhookBufferPoison = WebhookBuffer + Poison;

    public const string WorkflowOrdersPoison = WorkflowOrders + Poison;

    /// <summary>Each of them, without the poison ones.</summary>
    public static readonly IReadOnlyList<string> All = [WebhookBuffer, WorkflowOrders];
}
