using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Writes a page's parts in as few goes as can be. All are made at the same time, from what is stored before the go. Those that
/// are about different records go together, the page's first one before them and, when nothing else is left, its last one behind
/// them; one that is about a record of another's is made anew for the next go. What was overtaken by somebody else, or is too
/// much for one write, is written alone.
/// </summary>
/// <param name="cursor">Of the stream whose page it is.</param>
internal sealed class PageWriter(TenantScope scope, IMirror mirror, StreamCursor cursor, CancellationToken cancellation)
{
    /// <summary>Parts made at the same time: looking things up and sealing them takes longer than writing them.</summary>
    private const int MadeAtOnce = 4;

    private readonly PartWriter alone = new(scope, mirror, cursor);

    /// <param name="first">Goes with the first write of the page: nothing of it is written before that.</param>
    /// <param name="before">Done when all but the last part is written; null for nothing.</param>
    /// <param name="last">Asked for what goes with the last write of the page: then all of it is written.</param>
    /// <returns>The new versions of what the last write wrote.</returns>
    public async Task<ImmutableDictionary<DocumentKey, DocumentVersion>> WriteAsync(
        IReadOnlyList<StreamPart> parts, IReadOnlyList<Operation> first, Func<Task>? before, Func<Task<PartWriter.With>> last)
    {
        while (parts.Count > 1)
        {
            var made = await MakeAsync(parts);
            var end = made[^1];
            var go = Apart(made);
            var isAll = go.Count == made.Length && before is null;
            if (!isAll)
            {
                go.Remove(end);
            }

            var written = await CommitAsync(go, first, isAll ? await last() : null);
            if (isAll && written.Count == go.Count)
            {
                return written[end];
            }

            foreach (var one in go.Where(one => one != end && !written.ContainsKey(one)))
            {
                await alone.WriteAsync(one.Part, one == go[0] ? first : [], PartWriter.Nothing, cancellation);
            }

            first = [];
            parts = [.. made.Where(one => one == end || !go.Contains(one)).Select(static one => one.Part)];
        }

        await (before?.Invoke() ?? Task.CompletedTask);
        return await alone.WriteAsync(parts[0], first, await last(), cancellation);
    }

    private async Task<Made[]> MakeAsync(IReadOnlyList<StreamPart> parts)
    {
        var made = new Made[parts.Count];
        await Parallel.ForAsync(
            0,
            made.Length,
            new ParallelOptions { MaxDegreeOfParallelism = MadeAtOnce, CancellationToken = cancellation },
            async (at, stop) => made[at] = new Made(parts[at], await alone.MakeAsync(parts[at], stop)));
        return made;
    }

    /// <summary>Those that looked at nothing that one before them is about.</summary>
    private static List<Made> Apart(IEnumerable<Made> all)
    {
        var looked = new HashSet<DocumentKey>();
        List<Made> apart = [];
        foreach (var made in all.Where(made => !looked.Overlaps(made.Changes.Looked)))
        {
            apart.Add(made);
            looked.UnionWith(made.Changes.Looked);
        }

        return apart;
    }

    /// <param name="last">Goes with the last of them, which goes behind the others; null where none does.</param>
    /// <returns>Those that are written, and the new versions of what was written with each.</returns>
    private async Task<Dictionary<Made, ImmutableDictionary<DocumentKey, DocumentVersion>>> CommitAsync(
        List<Made> go, IReadOnlyList<Operation> first, PartWriter.With? last)
    {
        var all = go.ConvertAll(one => new Write(
            one, [.. one.Changes.Operations, .. one == go[0] ? first : [], .. one == go[^1] ? last?.Operations ?? [] : []]));
        if (all.Exists(static write => write.Operations.Length > PartWriter.MostOperations))
        {
            return [];
        }

        if (last?.Leaf is { } leaf)
        {
            all[^1] = all[^1] with { Operations = [.. all[^1].Operations, .. scope.Audit.Compose(leaf)] };
        }

        var begin = first.Count > 0 ? 1 : 0;
        var end = last is null ? all.Count : all.Count - 1;
        IReadOnlyList<List<Write>> waves = [Changing(all[..begin]), Changing(all[begin..end]), Changing(all[end..])];
        var outcomes = await scope.CommitInWavesAsync(
            [.. waves.Select(static wave => wave.ConvertAll(static write => (IReadOnlyList<Operation>)write.Operations))], cancellation);
        var written = all.Where(static write => write.Operations.IsEmpty).ToDictionary(
            static write => write.Of, static _ => ImmutableDictionary<DocumentKey, DocumentVersion>.Empty);
        foreach (var (write, outcome) in waves.SelectMany(static wave => wave).Zip(outcomes))
        {
            if (outcome is CommitOutcome.Committed committed)
            {
                written.Add(write.Of, committed.Versions);
            }
        }

        return written;
    }

    private static List<Write> Changing(List<Write> writes) => writes.FindAll(static write => !write.Operations.IsEmpty);

    private sealed record Write(Made Of, ImmutableArray<Operation> Operations);

    /// <summary>A part, and what it comes to.</summary>
    private sealed class Made(StreamPart part, MirrorChanges changes)
    {
        public StreamPart Part => part;

        public MirrorChanges Changes => changes;
    }
}
