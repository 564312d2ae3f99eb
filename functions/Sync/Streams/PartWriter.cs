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

    public static readonly With Nothing = new([], null);

    /// <summary>The outcome of a write that is over, or had nothing to write.</summary>
    public static readonly Task<CommitOutcome> Over = Task.FromResult<CommitOutcome>(
        new CommitOutcome.Committed(ImmutableDictionary<DocumentKey, DocumentVersion>.Empty, []));

    /// <summary>What goes with the last write of a part.</summary>
    public sealed record With(IReadOnlyList<Operation> Operations, AuditEntry? Leaf);

    /// <summary>Writes a page: the first part alone, the last one alone, those between them together.</summary>
    /// <param name="first">Goes with the first write of it: nothing of the page is written before that.</param>
    /// <param name="last">Asked for, when nothing else is left, what goes with the last write of it: then all of the page is written.</param>
    /// <returns>The new versions of what the last write of it wrote.</returns>
    public async Task<ImmutableDictionary<DocumentKey, DocumentVersion>> WritePageAsync(
        IReadOnlyList<StreamPart> parts, IReadOnlyList<Operation> first, Func<Task<With>> last, CancellationToken cancellation)
    {
        if (parts.Count == 1)
        {
            return (await WriteAsync(parts[0], made: null, first, await last(), cancellation)).Versions;
        }

        await using var line = new PartLine(this, parts.Skip(1).SkipLast(1), parts[^1], cancellation);
        await line.WriteFirstAsync(parts[0], first);
        await line.WriteTogetherAsync();
        return await line.WriteLastAsync(await last());
    }

    /// <summary>Writes parts in any order, some at the same time.</summary>
    public async Task WriteTogetherAsync(IEnumerable<StreamPart> parts, CancellationToken cancellation)
    {
        await using var line = new PartLine(this, parts, last: null, cancellation);
        await line.WriteTogetherAsync();
    }

    /// <summary>Writes a part; by halves, where with what its items leave behind elsewhere it is too much for one write.</summary>
    /// <param name="made">What it comes to, if that is known and still so.</param>
    /// <param name="first">Goes with the first write of it.</param>
    /// <param name="last">Goes with the last write of it.</param>
    public async Task<Wrote> WriteAsync(
        StreamPart part, MirrorChanges? made, IReadOnlyList<Operation> first, With last, CancellationToken cancellation)
    {
        HashSet<DocumentKey> looked = [];
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var changes = made ?? await MakeAsync(part, cancellation);
            made = null;
            looked.UnionWith(changes.Looked);
            ImmutableArray<Operation> operations = [.. changes.Operations, .. first, .. last.Operations];
            if (operations.IsEmpty && last.Leaf is null)
            {
                return new Wrote(ImmutableDictionary<DocumentKey, DocumentVersion>.Empty, looked);
            }

            if (operations.Length > MostOperations && part.IsDivisible)
            {
                var halves = part.Halves();
                var half = await WriteAsync(halves[0], null, first, Nothing, cancellation);
                var rest = await WriteAsync(halves[1], null, [], last, cancellation);
                looked.UnionWith(half.Looked);
                looked.UnionWith(rest.Looked);
                return new Wrote(rest.Versions, looked);
            }

            var outcome = last.Leaf is { } leaf
                ? await scope.CommitAsync(leaf, operations, cancellation)
                : await scope.CommitAsync(operations, cancellation);
            if (outcome is CommitOutcome.Committed committed)
            {
                return new Wrote(committed.Versions, looked);
            }
        }

        // Somebody else moved this stream's cursor: two loops for one connection would be a bug, and must not go on.
        throw new ConcurrentSyncException();
    }

    /// <summary>Writes once what a part comes to.</summary>
    /// <returns>Null where it is too much for one write.</returns>
    public Task<CommitOutcome>? TryWriteOnce(MirrorChanges made, CancellationToken cancellation) =>
        made.Operations.Count == 0 ? Over
        : made.Operations.Count <= MostOperations ? scope.CommitAsync(made.Operations, cancellation).AsTask()
        : null;

    /// <summary>What a part comes to, as things are stored now.</summary>
    public Task<MirrorChanges> MakeAsync(StreamPart part, CancellationToken cancellation) =>
        mirror.ChangesAsync(scope, cursor.Connection, cursor.Stream, part, cancellation);

    /// <summary>A part is written.</summary>
    /// <param name="Versions">Of what the last write of it wrote.</param>
    /// <param name="Looked">All that it is about.</param>
    public sealed record Wrote(ImmutableDictionary<DocumentKey, DocumentVersion> Versions, IReadOnlySet<DocumentKey> Looked);
}

/// <summary>The write kept being overtaken. The step fails and is taken again from what is stored.</summary>
internal sealed class ConcurrentSyncException() : Exception("The connection is being written by somebody else.");
