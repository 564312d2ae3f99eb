using System.Buffers.Binary;

namespace PracticPro.Tests.Canaries;

/// <param name="Canary">Which one.</param>
/// <param name="Spelling">How it was written.</param>
/// <param name="Place">Where: a file, an answer, a region of memory.</param>
internal sealed record Sighting(string Canary, string Spelling, string Place, long Offset);

/// <summary>
/// Looks through bytes for many canaries in all their <see cref="Spellings"/> at once, byte for byte: nothing is decoded, so
/// nothing is overlooked because it could not be. Compressed or encrypted content is not seen into, which is the point.
/// </summary>
internal sealed class CanaryScan
{
    /// <summary>Shorter ones turn up by chance.</summary>
    public const int Least = 8;

    private const int Piece = 1 << 20;

    private readonly Dictionary<ulong, List<(byte[] Bytes, string Canary, string Spelling)>> byStart = [];
    private readonly ulong[] starts = new ulong[1 << 18];
    private int longest = Least;

    /// <summary>How many canaries are looked for.</summary>
    public int Canaries { get; private set; }

    /// <summary>Bytes looked at so far.</summary>
    public long Looked { get; private set; }

    public void AddText(string canary, string text) => Add(canary, Spellings.OfText(text));

    public void AddBytes(string canary, byte[] bytes) => Add(canary, Spellings.OfBytes(bytes));

    /// <summary>Every sighting in a span.</summary>
    public IReadOnlyList<Sighting> In(string place, ReadOnlySpan<byte> bytes, long offset = 0)
    {
        List<Sighting> found = [];
        Looked += bytes.Length;
        for (var at = 0; at <= bytes.Length - Least; at++)
        {
            var three = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
            if ((starts[three >> 6] & (1UL << (three & 63))) == 0
                || !byStart.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), out var candidates))
            {
                continue;
            }

            foreach (var (pattern, canary, spelling) in candidates)
            {
                if (bytes[at..].StartsWith(pattern))
                {
                    found.Add(new Sighting(canary, spelling, place, offset + at));
                }
            }
        }

        return found;
    }

    /// <summary>Every sighting in what a reader gives, piece by piece; the seams are looked at as well.</summary>
    /// <param name="read">Fills a buffer from an offset; gives how much, and 0 at the end.</param>
    public IReadOnlyList<Sighting> In(string place, long from, long to, Func<Memory<byte>, long, int> read)
    {
        HashSet<Sighting> found = [];
        var buffer = new byte[Piece];
        for (var at = from; at < to;)
        {
            var count = read(buffer.AsMemory(0, (int)Math.Min(Piece, to - at)), at);
            if (count <= 0)
            {
                break;
            }

            found.UnionWith(In(place, buffer.AsSpan(0, count), at));
            at += at + count >= to || count <= longest ? count : count - longest;
        }

        return [.. found];
    }

    /// <summary>Every sighting in a file, whatever it is.</summary>
    public IReadOnlyList<Sighting> InFile(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return In(path, 0, RandomAccess.GetLength(file), (buffer, at) => RandomAccess.Read(file, buffer.Span, at));
    }

    private void Add(string canary, IEnumerable<(string Spelling, byte[] Bytes)> spellings)
    {
        Canaries++;
        foreach (var (spelling, bytes) in spellings.DistinctBy(one => Convert.ToHexString(one.Bytes)))
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, Least);
            var three = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
            starts[three >> 6] |= 1UL << (three & 63);
            var start = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (!byStart.TryGetValue(start, out var candidates))
            {
                byStart.Add(start, candidates = []);
            }

            candidates.Add((bytes, canary, spelling));
            longest = Math.Max(longest, bytes.Length);
        }
    }
}
