using System.Collections.Immutable;

namespace PracticPro.Storage;

/// <summary>What must be true of the stored document for an operation to go through.</summary>
internal abstract record Condition
{
    /// <summary>There is no document under the key.</summary>
    public static readonly Condition Absent = new MustBeAbsent();

    /// <summary>
    /// No condition: last writer wins. Only for writes that give the same result however often they happen.
    /// </summary>
    public static readonly Condition Any = new Nothing();

    private Condition()
    {
    }

    /// <summary>The document is still at the version that was read.</summary>
    public static Condition Is(DocumentVersion version) => new MustBe(version);

    internal sealed record MustBeAbsent : Condition;

    internal sealed record MustBe(DocumentVersion Version) : Condition;

    internal sealed record Nothing : Condition;
}

/// <summary>One step of a batch. The set is closed; every driver handles every case.</summary>
internal abstract record Operation
{
    private Operation()
    {
    }

    public sealed record Put(Document Document, Condition Condition) : Operation;

    /// <summary>Removes a document. With <see cref="Condition.Any"/> a missing one is no conflict.</summary>
    public sealed record Delete(DocumentKey Key, Condition Condition) : Operation;

    /// <summary>Adds one entry at the end of a log. Indexes are contiguous from 0, in the batch's order.</summary>
    public sealed record Append(LogName Log, ReadOnlyMemory<byte> Entry) : Operation;

    /// <summary>
    /// Puts a message on a queue. A message whose <see cref="QueueMessage.DeduplicationKey"/> was seen on that queue
    /// in the last 7 days is dropped silently; the batch still goes through.
    /// </summary>
    public sealed record Enqueue(QueueName Queue, QueueMessage Message) : Operation;
}

/// <summary>
/// 1–99 operations on one tenant, carried out all or none. No key may occur twice, and all bytes together are at
/// most <see cref="StorageLimits.MaximumBatchBytes"/>; the store refuses a batch that breaks either.
/// </summary>
internal sealed record Batch
{
    // A Cosmos transactional batch ends at 100, and its first asks whether the tenant still lives there.
    public const int MaximumOperations = 99;

    public Batch(IEnumerable<Operation> operations)
    {
        Operations = [.. operations];
        ArgumentOutOfRangeException.ThrowIfZero(Operations.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Operations.Length, MaximumOperations);
    }

    public ImmutableArray<Operation> Operations { get; }
}

/// <summary>
/// How a commit ended. A driver's own trouble (disk full, lost connection) is an exception, and then nothing was
/// written.
/// </summary>
internal abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>All of it is stored and will survive a crash of the process.</summary>
    /// <param name="Versions">New version of each document put, by key.</param>
    /// <param name="LogIndexes">Index given to each append, in the batch's order.</param>
    public sealed record Committed(
        ImmutableDictionary<DocumentKey, DocumentVersion> Versions,
        ImmutableArray<long> LogIndexes) : CommitOutcome;

    /// <summary>
    /// Nothing was stored: the named operation's condition did not hold. Read again and decide again.
    /// </summary>
    public sealed record Lost(int Operation) : CommitOutcome;
}
