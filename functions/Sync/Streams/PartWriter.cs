using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Writes a part of a page alone, as one atomic write that is conditional on what it was made from; one that was overtaken is
/// made anew. Writing a part twice gives what writing it once gives.
/// </summary>
/// <param name="cursor">Of the stream whose page it is.</param>
internal sealed class PartWriter(TenantScope scope, IMirror mirror, StreamCursor cursor)
{
    /// <summary>Of a batch some room is for the leaf and the erasure ledger.</summary>
    public const int MostOperations = Batch.MaximumOperations - 3;

    private const int MostTries = 8;

    public static readonly With Nothing = new([], null);

    /// <summary>What goes with the last write of a part.</summary>
    public sealed record With(IReadOnlyList<Operation> Operations, AuditEntry? Leaf);

    /// <summary>Writes a part; by halves, where with what its items leave behind elsewhere it is too much for one write.</summary>
    /// <param name="first">Goes with the first write of it.</param>
    /// <param name="last">Goes with the last write of it.</param>
    /// <returns>The new versions of what the last write of it wrote.</returns>
    public async Task<ImmutableDictionary<DocumentKey, DocumentVersion>> WriteAsync(
        StreamPart part, IReadOnlyList<Operation> first, With last, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var changes = await MakeAsync(part, cancellation);
            ImmutableArray<Operation> operations = [.. changes.Operations, .. first, .. last.Operations];
            if (operations.IsEmpty && last.Leaf is null)
            {
                return ImmutableDictionary<DocumentKey, DocumentVersion>.Empty;
            }

            if (operations.Length > MostOperations && part.IsDivisible)
            {
                var halves = part.Halves();
                await WriteAsync(halves[0], first, Nothing, cancellation);
                return await WriteAsync(halves[1], [], last, cancellation);
            }

            var outcome = last.Leaf is { } leaf
                ? await scope.CommitAsync(leaf, operations, cancellation)
                : await scope.CommitAsync(operations, cancellation);
            if (outcome is CommitOutcome.Committed committed)
            {
                return committed.Versions;
            }
        }

        // Somebody else moved this stream's cursor: two loops for one connection would be a bug, and must not go on.
        throw new ConcurrentSyncException();
    }

    /// <summary>What a part comes to, as things are stored now.</summary>
    public Task<MirrorChanges> MakeAsync(StreamPart part, CancellationToken cancellation) =>
        mirror.ChangesAsync(scope, cursor.Connection, cursor.Stream, part, cancellation);
}

/// <summary>The write kept being overtaken. The step fails and is taken again from what is stored.</summary>
internal sealed class ConcurrentSyncException() : Exception("The connection is being written by somebody else.");
