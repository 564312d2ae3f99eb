using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>
/// What was deleted, on record in the batch that deletes it: log <c>erasures</c>, one entry a batch, with kinds and ids
/// and never content. A store that is restored to an earlier moment holds fewer entries than were written since; those
/// are carried out again before anybody may read it, so that a restore does not bring the erased back.
/// <code>
/// {"at":1798365600000,"keys":[{"kind":"audit-value","id":"leaf-…"}]}
/// </code>
/// </summary>
internal static class ErasureLedger
{
    public static readonly LogName Log = new("erasures");

    /// <summary>
    /// Entries are small; a page of them is read at once.
    /// </summary>
    private const int PageSize = 500;

    /// <summary>The deletions and the entry that tells of them.</summary>
    public static IEnumerable<Operation> Compose(TimeProvider time, IEnumerable<DocumentKey> keys) =>
        WithEntry(time, [.. keys.Select(key => new Operation.Delete(key, Condition.Any))]);

    /// <summary>
    /// The same operations, and behind them an entry for all deletions among them; unchanged when there are none. A lost
    /// batch leaves no entry: compose again for the next try.
    /// </summary>
    public static IReadOnlyList<Operation> WithEntry(TimeProvider time, IReadOnlyList<Operation> operations)
    {
        ImmutableArray<ErasedDocument> erased =
            [.. operations.OfType<Operation.Delete>().Select(delete => new ErasedDocument(delete.Key.Kind.Name, delete.Key.Id))];
        if (erased.IsEmpty)
        {
            return operations;
        }

        var entry = new ErasureEntry(time.GetUtcNow().ToUnixTimeMilliseconds(), erased);
        return [.. operations, new Operation.Append(Log, entry.ToUtf8())];
    }

    /// <summary>All entries from an index on, oldest first.</summary>
    /// <exception cref="StorageCorruptException">An entry cannot be read.</exception>
    public static async Task<ImmutableArray<ErasureEntry>> ReadAsync(
        IAppendLog logs, long from, CancellationToken cancellation)
    {
        var entries = ImmutableArray.CreateBuilder<ErasureEntry>();
        while (await logs.ReadAsync(Log, from + entries.Count, PageSize, cancellation) is { Count: > 0 } page)
        {
            entries.AddRange(page.Select(bytes => ErasureEntry.Parse(bytes.Span)));
        }

        return entries.ToImmutable();
    }
}

/// <summary>One document that was deleted.</summary>
internal sealed record ErasedDocument(string Kind, string Id);

/// <summary>What one batch deleted.</summary>
/// <param name="At">Unix milliseconds.</param>
internal sealed record ErasureEntry(long At, ImmutableArray<ErasedDocument> Keys)
{
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, JsonShapes.Stored);

    /// <exception cref="StorageCorruptException">These are no bytes of an entry.</exception>
    public static ErasureEntry Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<ErasureEntry>(utf8, JsonShapes.Stored) is { Keys.IsDefault: false } entry
                ? entry
                : throw new StorageCorruptException("an entry of the erasure log is empty");
        }
        catch (JsonException)
        {
            // The original would quote from the entry.
            throw new StorageCorruptException("an entry of the erasure log cannot be read");
        }
    }
}
