using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>Name of a queue inside a tenant: lower-case words with hyphens.</summary>
internal readonly record struct QueueName(string Text);

/// <param name="Body">Ids only; never content.</param>
/// <param name="DeduplicationKey">At most 200 characters. Null: never dropped as a repeat.</param>
internal sealed record QueueMessage(ReadOnlyMemory<byte> Body, string? DeduplicationKey = null);

/// <summary>A message in the hands of one receiver until <see cref="VisibleAt"/>.</summary>
/// <param name="Deliveries">How often it has been handed out, this time included.</param>
/// <param name="Receipt">Proof of holding it. A receipt of an earlier delivery is worth nothing.</param>
internal sealed record QueueDelivery(
    ReadOnlyMemory<byte> Body,
    int Deliveries,
    DateTimeOffset VisibleAt,
    string Receipt);

/// <summary>
/// One tenant's queues. Messages are put on by a batch (<see cref="Operation.Enqueue"/>).
/// At least once, roughly in order, never lost: a message leaves only by <see cref="CompleteAsync"/>.
/// One handed out five times without being completed moves to the poison list, where a person looks at it.
/// </summary>
internal interface IQueue
{
    const int MaximumDeliveries = 5;

    /// <summary>
    /// How long a deduplication key is remembered on its queue, counted from the message that was kept.
    /// </summary>
    static readonly TimeSpan DeduplicationWindow = TimeSpan.FromDays(7);

    TenantId Tenant { get; }

    /// <summary>
    /// Up to <paramref name="limit"/> visible messages, hidden from other receivers for <paramref name="hold"/>.
    /// </summary>
    ValueTask<IReadOnlyList<QueueDelivery>> ReceiveAsync(
        QueueName queue, int limit, TimeSpan hold, CancellationToken cancellation);

    /// <summary>
    /// Removes it for good. False when the receipt is no longer good: somebody else has it, do not act on it.
    /// </summary>
    ValueTask<bool> CompleteAsync(QueueName queue, string receipt, CancellationToken cancellation);

    /// <summary>
    /// Gives it back, visible again after <paramref name="delay"/>. False when the receipt is no longer good.
    /// </summary>
    ValueTask<bool> ReleaseAsync(QueueName queue, string receipt, TimeSpan delay, CancellationToken cancellation);

    /// <summary>Messages on the queue, held ones included; poison ones not.</summary>
    ValueTask<long> CountAsync(QueueName queue, CancellationToken cancellation);

    /// <summary>Messages that were given up on.</summary>
    ValueTask<long> CountPoisonAsync(QueueName queue, CancellationToken cancellation);

    /// <summary>Puts every poison message back with a fresh count. Returns how many.</summary>
    ValueTask<int> ReplayPoisonAsync(QueueName queue, CancellationToken cancellation);
}
