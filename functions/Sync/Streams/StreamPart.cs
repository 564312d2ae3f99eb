using System.Collections.Immutable;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams;

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
        var filling = new Filling();
        foreach (var group in Together(page, mirror))
        {
            // Not cut, where one part has room for it: parts that are about one record are not written together.
            filling.MakeRoomFor(group);
            foreach (var one in group)
            {
                filling.MakeRoomFor([one]);
                filling.Add(one);
            }
        }

        IReadOnlyList<StreamPart> parts =
        [
            .. filling.End(),
            .. page.Gone.Chunk(MostRecords / mirror.Touched).Select(static gone => new StreamPart([], [.. gone])),
        ];
        return parts.Count == 0 ? [Nothing] : parts;
    }

    /// <summary>Two parts that together say the same; none is empty where this one is divisible.</summary>
    public IReadOnlyList<StreamPart> Halves() => Present.Length > 1
        ? [new(Present[..(Present.Length / 2)], []), new(Present[(Present.Length / 2)..], Gone)]
        : [new(Present, Gone[..(Gone.Length / 2)]), new([], Gone[(Gone.Length / 2)..])];

    /// <summary>Keys of the records of all that it names, none twice.</summary>
    public IReadOnlyCollection<string> KeysOf(ConnectionId connection) =>
        Present.Select(static item => item.SourceId).Concat(Gone).Select(id => MirrorKey.Of(connection, id)).ToHashSet(StringComparer.Ordinal);

    /// <summary>What is present, in the page's order but for items that belong to one another: those follow the first of them.</summary>
    private static IEnumerable<IReadOnlyList<Item>> Together(StreamPage page, IMirror mirror) =>
        page.Present
            .Select(item => new Item(item, [.. mirror.FollowsFrom(item)], mirror.Canonical(item).Length))
            .GroupBy(static one => one.Follows is [var first, ..] ? first : one.Of.SourceId, StringComparer.Ordinal)
            .Select(static group => group.ToList());

    /// <param name="Follows">What is written with it.</param>
    /// <param name="Bytes">Its length as JSON.</param>
    private sealed record Item(MirroredItem Of, string[] Follows, int Bytes);

    private sealed class Filling
    {
        private readonly List<StreamPart> full = [];
        private readonly ImmutableArray<MirroredItem>.Builder part = ImmutableArray.CreateBuilder<MirroredItem>();
        private readonly HashSet<string> names = new(StringComparer.Ordinal);
        private int bytes;

        /// <summary>Begins a part where this one has no room.</summary>
        public void MakeRoomFor(IReadOnlyCollection<Item> items)
        {
            var more = items.SelectMany(static item => item.Follows).Where(name => !names.Contains(name)).Distinct(StringComparer.Ordinal);
            if (part.Count > 0
                && (part.Count + items.Count + names.Count + more.Count() > MostRecords || bytes + items.Sum(static item => item.Bytes) > MostBytes))
            {
                EndPart();
            }
        }

        public void Add(Item item)
        {
            part.Add(item.Of);
            names.UnionWith(item.Follows);
            bytes += item.Bytes;
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
