using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>
/// Everything one tenant has stored, in one order, whatever kinds and names there are. The other ports cannot list what
/// they are not told the name of. For comparing two stores, never for a capability: it walks all there is. A driver's
/// <see cref="ITenantStorage"/> that can be compared implements it. Changes made meanwhile may or may not be seen.
/// </summary>
internal interface ITenantContents
{
    TenantId Tenant { get; }

    /// <summary>Documents by kind, then id, by ordinal order.</summary>
    IAsyncEnumerable<Document> DocumentsAsync(CancellationToken cancellation);

    /// <summary>Names of the logs that have an entry, in ordinal order.</summary>
    IAsyncEnumerable<LogName> LogsAsync(CancellationToken cancellation);

    /// <summary>Messages by queue, then in the order they were put, poison ones included.</summary>
    IAsyncEnumerable<QueuedMessage> MessagesAsync(CancellationToken cancellation);
}

/// <summary>A message as it waits: not handed out by this.</summary>
internal sealed record QueuedMessage(QueueName Queue, ReadOnlyMemory<byte> Body, int Deliveries, bool IsPoison);
