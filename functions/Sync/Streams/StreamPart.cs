using System.Collections.Immutable;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams;

/// <summary>A part of a page that fits one atomic write.</summary>
internal sealed record StreamPart(ImmutableArray<SealedItem> Present, ImmutableArray<string> Gone)
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
    public static IReadOnlyList<StreamPart> Of(
        IEnumerable<SealedItem> present, IEnumerable<string> gone, IMirror mirror)
    {
        var filling = new Filling();
        foreach (var group in Together(present, mirror))
        {
            // Not cut, where a part has room for it: parts that are about one record are not written together.
            var whole = Piece.Of(group);
            foreach (var piece in whole.FitsOnePart ? [whole] : group.Select(static item => Piece.Of([item])))
            {
                filling.Add(piece);
            }
        }

        IReadOnlyList<StreamPart> parts =
        [
            .. filling.End(),
            .. gone.Chunk(MostRecords / mirror.Touched).Select(static some => new StreamPart([], [.. some])),
        ];
        return parts.Count == 0 ? [Nothing] : parts;
    }

    /// <summary>Two parts that together say the same; none is empty where this one is divisible.</summary>
    public IReadOnlyList<StreamPart> Halves() => Present.Length > 1
        ? [new(Present[..(Present.Length / 2)], []), new(Present[(Present.Length / 2)..], Gone)]
        : [new(Present, Gone[..(Gone.Length / 2)]), new([], Gone[(Gone.Length / 2)..])];

    /// <summary>Keys of the records of all that it names, none twice.</summary>
    public IReadOnlyCollection<string> KeysOf(ConnectionId connection) =>
        Present.Select(static one => one.Item.SourceId).Concat(Gone).Select(id => MirrorKey.Of(connection, id)).ToHashSet(StringComparer.Ordinal);

    /// <summary>What is present, in the page's order but for items that belong to one another: those follow the first of them.</summary>
    private static IEnumerable<IReadOnlyList<Item>> Together(IEnumerable<SealedItem> present, IMirror mirror) =>
        present
            .Select(one => new Item(one, [.. mirror.FollowsFrom(one.Item)]))
            .GroupBy(static one => one.Follows is [var first, ..] ? first : one.Of.Item.SourceId, StringComparer.Ordinal)
            .Select(static group => group.ToList());

    /// <param name="Follows">What is written with it.</param>
    private sealed record Item(SealedItem Of, string[] Follows);

    /// <summary>Items that come into one part together.</summary>
    /// <param name="Follows">What is written with them, none twice.</param>
    private sealed record Piece(IReadOnlyList<Item> Items, IReadOnlyList<string> Follows, int Bytes)
    {
        public bool FitsOnePart => Items.Count + Follows.Count <= MostRecords && Bytes <= MostBytes;

        public static Piece Of(IReadOnlyList<Item> items) => new(
            items,
            [.. items.SelectMany(static item => item.Follows).Distinct(StringComparer.Ordinal)],
            items.Sum(static item => item.Of.Record.Body.Length));
    }

    private sealed class Filling
    {
        private readonly List<StreamPart> full = [];
        private readonly ImmutableArray<SealedItem>.Builder part = ImmutableArray.CreateBuilder<SealedItem>();
        private readonly HashSet<string> names = new(StringComparer.Ordinal);
        private int bytes;

        /// <summary>To the part that is being filled, or to a new one where that has no room.</summary>
        public void Add(Piece piece)
        {
            var more = piece.Follows.Count(name => !names.Contains(name));
            if (part.Count > 0
                && (part.Count + piece.Items.Count + names.Count + more > MostRecords || bytes + piece.Bytes > MostBytes))
            {
                EndPart();
            }

            part.AddRange(piece.Items.Select(static item => item.Of));
            names.UnionWith(piece.Follows);
            bytes += piece.Bytes;
        }

        public List<StreamPart> End()
        {
            if (part.Count > 0)
            {
                EndPart();
            }

            return full;
        }

        private void EndPart()
        {
            full.Add(new StreamPart(part.DrainToImmutable(), []));
            names.Clear();
            bytes = 0;
        }
    }
}
