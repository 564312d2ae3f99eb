using System.Collections.Immutable;
using System.Text;

namespace PracticPro.Audit.Verify;

/// <summary>
/// Reads version 1 leaves strictly: canonical bytes, members in their order, nothing unknown. Checks the shape of each
/// word, not whether an act is known: an act that a later program added is still a well-formed leaf.
/// </summary>
internal static class AuditLeafReader
{
    /// <summary>Longest leaf, in bytes. A log that holds a longer one was not written by this program.</summary>
    public const int MaximumLength = 65_536;

    private delegate bool ReadItem<T>(ref CanonicalReader reader, out T item);

    public static bool TryRead(ReadOnlySpan<byte> bytes, out AuditLeaf leaf)
    {
        leaf = null!;
        var reader = new CanonicalReader(bytes);
        if (bytes.Length > MaximumLength
            || !reader.Take("{\"act\":"u8) || !Word(ref reader, LeafWords.IsName, out var act)
            || !reader.Take(",\"actor\":"u8) || !Word(ref reader, LeafWords.IsToken, out var actor)
            || !reader.Take(",\"at\":"u8) || !reader.Whole(out var at)
            || !Section<long>(ref reader, ",\"counts\":"u8, Count, out var counts)
            || !reader.Take(",\"id\":"u8) || !Word(ref reader, LeafWords.IsToken, out var id)
            || !Promises(ref reader, out var promises)
            || !Section<string>(ref reader, ",\"subjects\":"u8, Token, out var subjects)
            || !reader.Take(",\"v\":1"u8)
            || !Section<TreeHash>(ref reader, ",\"values\":"u8, Commitment, out var commitments)
            || !reader.Take("}"u8) || !reader.AtEnd)
        {
            return false;
        }

        leaf = new AuditLeaf(id, at, actor, act, subjects, counts, promises, commitments);
        return true;
    }

    // An object of named items, or nothing at all. Names rise strictly: that is sorted and without a repeat in one.
    private static bool Section<T>(
        ref CanonicalReader reader, ReadOnlySpan<byte> opening, ReadItem<T> readItem, out ImmutableArray<Named<T>> items)
    {
        items = [];
        if (!reader.Take(opening))
        {
            return true;
        }

        var read = new List<Named<T>>(4);
        var last = "";
        do
        {
            if (!reader.Take(read.Count == 0 ? "{"u8 : ","u8)
                || !Word(ref reader, LeafWords.IsName, out var name)
                || string.CompareOrdinal(last, name) >= 0
                || !reader.Take(":"u8)
                || !readItem(ref reader, out var item))
            {
                return false;
            }

            read.Add(new(name, item));
            last = name;
        }
        while (!reader.Take("}"u8));

        items = [.. read];
        return true;
    }

    private static bool Promises(ref CanonicalReader reader, out ImmutableArray<string> promises)
    {
        promises = [];
        if (!reader.Take(",\"promises\":"u8))
        {
            return true;
        }

        var read = new List<string>(2);
        do
        {
            if (!reader.Take(read.Count == 0 ? "["u8 : ","u8)
                || !Word(ref reader, LeafWords.IsPromise, out var promise)
                || (read.Count > 0 && string.CompareOrdinal(read[^1], promise) >= 0))
            {
                return false;
            }

            read.Add(promise);
        }
        while (!reader.Take("]"u8));

        promises = [.. read];
        return true;
    }

    private static bool Word(ref CanonicalReader reader, Func<string, bool> isShaped, out string word) =>
        reader.Text(out word) && isShaped(word);

    private static bool Token(ref CanonicalReader reader, out string token) =>
        Word(ref reader, LeafWords.IsToken, out token);

    private static bool Count(ref CanonicalReader reader, out long count) => reader.Whole(out count);

    private static bool Commitment(ref CanonicalReader reader, out TreeHash commitment)
    {
        commitment = default;
        Span<byte> hex = stackalloc byte[2 * TreeHash.Length];
        return reader.Text(out var text)
            && text.Length == hex.Length
            && Encoding.UTF8.TryGetBytes(text, hex, out var written)
            && TreeHash.TryParse(hex[..written], out commitment);
    }
}
