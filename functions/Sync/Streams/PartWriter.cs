using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Writes the parts of a page, each as one atomic write that is conditional on what it was made from; one that was overtaken is
/// made anew. Writing a part twice gives what writing it once gives.
/// </summary>
/// <param name="cursor">Of the stream whose page it is.</param>
internal sealed class PartWriter(TenantScope scope, IMirror mirror, StreamCursor cursor)
{
    private const int MostTries = 8;

    /// <summary>Of a batch some room is for the leaf and the erasure ledger.</summary>
    private const int MostOperations = Batch.MaximumOperations - 3;

    /// <summary>Parts under way at the same time: what waits together is one wait for the disk.</summary>
    private const int MostAtOnce = 4;

    public static readonly With Nothing = new([], null);

    /// <summary>What goes with the last write of a part.</summary>
    public sealed record With(IReadOnlyList<Operation> Operations, AuditEntry? Leaf);

    /// <summary>Writes a part; by halves, where with what its items leave behind elsewhere it is too much for one write.</summary>
    /// <param name="first">Goes with the first write of it.</param>
    /// <returns>The new versions of what the last write of it wrote.</returns>
    public async Task<ImmutableDictionary<DocumentKey, DocumentVersion>> WriteAsync(
        StreamPart part, IReadOnlyList<Operation> first, With last, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            ImmutableArray<Operation> operations =
                [.. (await ChangesAsync(part, cancellation)).Operations, .. first, .. last.Operations];
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

    /// <summary>
    /// Writes parts in any order, some at the same time. Each is made while others are under way, and counts only when it looked
    /// at no record that one of those is about; otherwise it is made anew when they are over. What was overtaken by somebody
    /// else, or is too much for one write, is written alone in the end.
    /// </summary>
    public async Task WriteTogetherAsync(IEnumerable<StreamPart> parts, CancellationToken cancellation)
    {
        var underWay = new Queue<UnderWay>();
        var alone = new List<StreamPart>();
        try
        {
            foreach (var part in parts)
            {
                var changes = await ChangesAsync(part, cancellation);
                if (underWay.Any(other => other.Looked.Overlaps(changes.Looked)))
                {
                    await SettleAsync(underWay, 0, alone);
                    changes = await ChangesAsync(part, cancellation);
                }

                if (changes.Operations.Count > MostOperations)
                {
                    alone.Add(part);
                }
                else if (changes.Operations.Count > 0)
                {
                    await SettleAsync(underWay, MostAtOnce - 1, alone);
                    underWay.Enqueue(new UnderWay(
                        part, changes.Looked, scope.CommitAsync(changes.Operations, cancellation).AsTask()));
                }
            }

            await SettleAsync(underWay, 0, alone);
        }
        finally
        {
            // Whatever failed: nothing is under way behind the back of the next step.
            await Task.WhenAll(underWay.Select(static Task (other) => other.Outcome)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var part in alone)
        {
            await WriteAsync(part, [], Nothing, cancellation);
        }
    }

    /// <summary>Waits for the oldest until that many are left.</summary>
    private static async Task SettleAsync(Queue<UnderWay> underWay, int left, List<StreamPart> overtaken)
    {
        while (underWay.Count > left)
        {
            var oldest = underWay.Peek();
            if (await oldest.Outcome is not CommitOutcome.Committed)
            {
                overtaken.Add(oldest.Part);
            }

            underWay.Dequeue();
        }
    }

    private Task<MirrorChanges> ChangesAsync(StreamPart part, CancellationToken cancellation) =>
        mirror.ChangesAsync(scope, cursor.Connection, cursor.Stream, part, cancellation);

    private sealed record UnderWay(StreamPart Part, IReadOnlySet<DocumentKey> Looked, Task<CommitOutcome> Outcome);
}

/// <summary>The write kept being overtaken. The step fails and is taken again from what is stored.</summary>
internal sealed class ConcurrentSyncException() : Exception("The connection is being written by somebody else.");
