using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams;

/// <summary>
/// How items of one sort are kept. Writing the same part twice gives what writing it once gives. For most sorts
/// <see cref="RecordMirror{T}"/> is all there is to it; mail has facts that follow from it.
/// </summary>
internal interface IMirror
{
    /// <summary>Name of the kind of record: <c>mail-message</c>.</summary>
    string Sort { get; }

    /// <summary>Records that an item touches at most, itself included.</summary>
    int Touched { get; }

    /// <summary>
    /// What is written with an item besides itself, each by a name that is equal for what is one record. Items with the same
    /// first name are written together, so that what follows from all of them is written once.
    /// </summary>
    IEnumerable<string> FollowsFrom(MirroredItem item);

    /// <summary>The stored item, in whichever stream it was seen last; null when there is none.</summary>
    ValueTask<MirroredItem?> FindAsync(
        TenantScope scope, ConnectionId connection, string sourceId, CancellationToken cancellation);

    /// <summary>
    /// What brings the store in step with a part of a page; nothing where it is. Conditional on what was read. An item that
    /// another stream showed last is not deleted: it moved.
    /// </summary>
    Task<MirrorChanges> ChangesAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, StreamPart part, CancellationToken cancellation);

    /// <summary>Ids of items that this stream showed last and that no reading saw since <paramref name="generation"/> began.</summary>
    Task<ImmutableArray<string>> UnseenAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, int generation, int most, CancellationToken cancellation);

    /// <summary>The item as it is stored: with what only the tenant's keys can add.</summary>
    MirroredItem Settled(TenantScope scope, MirroredItem item);

    /// <summary>The item's JSON; equal for equal items.</summary>
    byte[] Canonical(MirroredItem item);

    /// <summary>The item of such JSON.</summary>
    MirroredItem Read(ReadOnlySpan<byte> canonical);
}

/// <summary>What is to be written of a part of a page.</summary>
/// <param name="Looked">
/// The records it follows from and the records it is about: while none of them is written by somebody else, it stays what is to
/// be written. Lists that were read belong to one of them: a conversation's messages to the conversation.
/// </param>
internal sealed record MirrorChanges(IReadOnlyList<Operation> Operations, IReadOnlySet<DocumentKey> Looked);

/// <summary>A part of a page that fits one atomic write.</summary>
internal sealed record StreamPart(ImmutableArray<MirroredItem> Present, ImmutableArray<string> Gone)
{
    /// <summary>Content of a part, beside which a part of the journal has room in a batch of the store.</summary>
    private const int MostBytes = 600 * 1024;

    /// <summary>
    /// Records of a part, by what its items say now: room for journal, cursor, coverage and audit leaf under the store's limit.
    /// Items that belonged elsewhere before touch more; the writer halves such a part.
    /// </summary>
    private const int MostRecords = 80;

    private static readonly StreamPart Nothing = new([], []);

    /// <summary>There is more than one item in it.</summary>
    public bool IsDivisible => Present.Length + Gone.Length > 1;

    /// <summary>A page in such parts; one empty part where the page says nothing.</summary>
    public static IReadOnlyList<StreamPart> Of(StreamPage page, IMirror mirror)
    {
        List<StreamPart> parts = [];
        var part = ImmutableArray.CreateBuilder<MirroredItem>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0;
        foreach (var (item, follows) in Together(page, mirror))
        {
            var length = mirror.Canonical(item).Length;
            var records = part.Count + 1 + names.Count + follows.Count(name => !names.Contains(name));
            if (part.Count > 0 && (records > MostRecords || bytes + length > MostBytes))
            {
                parts.Add(new StreamPart(part.DrainToImmutable(), []));
                names.Clear();
                bytes = 0;
            }

            part.Add(item);
            names.UnionWith(follows);
            bytes += length;
        }

        if (part.Count > 0)
        {
            parts.Add(new StreamPart(part.DrainToImmutable(), []));
        }

        parts.AddRange(page.Gone.Chunk(MostRecords / mirror.Touched).Select(static gone => new StreamPart([], [.. gone])));
        return parts.Count == 0 ? [Nothing] : parts;
    }

    /// <summary>Two parts that together say the same; none is empty where this one is divisible.</summary>
    public IReadOnlyList<StreamPart> Halves() => Present.Length > 1
        ? [new(Present[..(Present.Length / 2)], []), new(Present[(Present.Length / 2)..], Gone)]
        : [new(Present, Gone[..(Gone.Length / 2)]), new([], Gone[(Gone.Length / 2)..])];

    /// <summary>What is present, in the page's order but for items that belong to one another: those follow the first of them.</summary>
    private static IEnumerable<(MirroredItem Item, string[] Follows)> Together(StreamPage page, IMirror mirror) =>
        page.Present
            .Select(item => (Item: item, Follows: mirror.FollowsFrom(item).ToArray()))
            .GroupBy(static one => one.Follows is [var first, ..] ? first : one.Item.SourceId, StringComparer.Ordinal)
            .SelectMany(static group => group);

    /// <summary>Keys of the records of all that it names, none twice.</summary>
    public IReadOnlyCollection<string> KeysOf(ConnectionId connection) =>
        Present.Select(static item => item.SourceId).Concat(Gone).Select(id => MirrorKey.Of(connection, id)).ToHashSet(StringComparer.Ordinal);
}
