using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>
/// One tenant's documents, log entries and queued messages, with one atomic write for all three.
/// <list type="bullet">
/// <item>Atomic: a commit happens whole or not at all, also when the process is killed in the middle.</item>
/// <item>Durable: a commit that returned is read back by every later read, in this process and after a restart.</item>
/// <item>Idempotent: not by itself. A retry after an exception may find its own first write; conditions tell.</item>
/// <item>Isolated: a handle can never reach another tenant's data; there is no call that names a tenant.</item>
/// </list>
/// </summary>
internal interface IDocuments
{
    /// <summary>Batches of a wave under way at the same time.</summary>
    private const int BatchesAtOnce = 4;

    TenantId Tenant { get; }

    /// <summary>The document, or null when there is none under the key.</summary>
    ValueTask<StoredDocument?> FindAsync(DocumentKey key, CancellationToken cancellation);

    /// <summary>
    /// The documents under some keys, in the keys' order; null where there is none. Dearer than one look and much cheaper than
    /// as many: for who knows beforehand what it will look at.
    /// </summary>
    /// <param name="keys">At most 500.</param>
    async ValueTask<IReadOnlyList<StoredDocument?>> FindManyAsync(IReadOnlyList<DocumentKey> keys, CancellationToken cancellation)
    {
        StorageLimits.Check(keys);
        var found = new StoredDocument?[keys.Count];
        for (var at = 0; at < found.Length; at++)
        {
            found[at] = await FindAsync(keys[at], cancellation);
        }

        return found;
    }

    /// <summary>
    /// One page in the order of one declared index, ties by id. Documents without a value for the index are not in it.
    /// Changes between pages may or may not be seen, but a document that does not change is seen exactly once.
    /// </summary>
    /// <exception cref="ArgumentException">The kind does not declare the index.</exception>
    /// <exception cref="CursorOfAnotherListException">The cursor is not from this list.</exception>
    ValueTask<Page<StoredDocument>> ListAsync(ListQuery query, CancellationToken cancellation);

    /// <summary>
    /// One page of every document of the tenant, whatever its kind, in an order of keys that the driver chooses and that
    /// never changes: what is there all the time is seen exactly once, also when it changes meanwhile. What comes or goes
    /// between pages is seen once or not at all. The kind of a document names only the indexes it has values for.
    /// <para>For work on all that is kept, such as a change of keys; a capability lists its own kinds.</para>
    /// </summary>
    /// <param name="after">Where the last page ended; null to begin.</param>
    /// <param name="limit">Documents a page, 1–500.</param>
    /// <exception cref="CursorOfAnotherListException">The cursor is not from a walk.</exception>
    ValueTask<Page<StoredDocument>> WalkAsync(Cursor? after, int limit, CancellationToken cancellation);

    /// <summary>Carries out a batch.</summary>
    ValueTask<CommitOutcome> CommitAsync(Batch batch, CancellationToken cancellation);

    /// <summary>
    /// Carries out batches in waves: those of a wave in any order, and a wave only when all of those before it is stored. Each
    /// batch is atomic by itself: a crash, or trouble, may come between any two.
    /// </summary>
    /// <returns>
    /// How each ended, in the batches' order, up to and with the wave of which one was lost. What comes behind that is not begun.
    /// </returns>
    async ValueTask<IReadOnlyList<CommitOutcome>> CommitInWavesAsync(
        IReadOnlyList<IReadOnlyList<Batch>> waves, CancellationToken cancellation)
    {
        StorageLimits.Check(waves);
        List<CommitOutcome> outcomes = [];
        foreach (var wave in waves)
        {
            var ended = new CommitOutcome[wave.Count];
            await Parallel.ForAsync(
                0,
                wave.Count,
                new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = cancellation },
                async (at, stop) => ended[at] = await CommitAsync(wave[at], stop));
            outcomes.AddRange(ended);
            if (ended.Any(static outcome => outcome is CommitOutcome.Lost))
            {
                break;
            }
        }

        return outcomes;
    }
}

/// <summary>Which documents to list, and how.</summary>
/// <param name="Prefix">Only values that begin so; empty for all.</param>
/// <param name="Limit">Documents a page, 1–500.</param>
/// <param name="After">Where the last page ended.</param>
internal sealed record ListQuery(
    DocumentKind Kind,
    string Index,
    string Prefix = "",
    ListOrder Order = ListOrder.Ascending,
    int Limit = 100,
    Cursor? After = null);

internal enum ListOrder
{
    Ascending,

    /// <summary>The exact reverse of ascending, ties included.</summary>
    Descending,
}

/// <summary>A cursor was given to a list it does not come from. Callers get cursors from outside, so this is theirs to mend.</summary>
internal sealed class CursorOfAnotherListException() : ArgumentException("The cursor is another list's.");
