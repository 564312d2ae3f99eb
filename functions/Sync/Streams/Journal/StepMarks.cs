using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Sync.Streams.Journal;

/// <summary>
/// What a page said, boiled down: eight bytes an item, which tell which item a later reduction sees otherwise, and a digest
/// of it all.
/// </summary>
/// <param name="Each">Marks of the items present, then of those gone, in the page's order; eight bytes each.</param>
/// <param name="Digest">SHA-256 over all of the same, whole.</param>
internal sealed record StepMarks(byte[] Each, byte[] Digest)
{
    private const int Length = 8;

    public static StepMarks Of(IMirror mirror, StreamPage page)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var each = new byte[(page.Present.Length + page.Gone.Length) * Length];
        var at = 0;
        foreach (var hash in Hashes(mirror, page).Select(static one => one.Hash))
        {
            whole.AppendData(hash);
            hash.AsSpan(0, Length).CopyTo(each.AsSpan(at));
            at += Length;
        }

        return new StepMarks(each, whole.GetHashAndReset());
    }

    /// <summary>
    /// Id of the first item of the page that these marks do not know; empty when the page only lacks items that they know.
    /// </summary>
    public string FirstOther(IMirror mirror, StreamPage page)
    {
        var known = Each.Chunk(Length).Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
        return Hashes(mirror, page).FirstOrDefault(one => !known.Contains(Convert.ToHexString(one.Hash, 0, Length))).Item ?? "";
    }

    private static IEnumerable<(string Item, byte[] Hash)> Hashes(IMirror mirror, StreamPage page) =>
        page.Present.Select(item => (item.SourceId, SHA256.HashData([.. "present\n"u8, .. mirror.Canonical(item)])))
            .Concat(page.Gone.Select(static id => (id, SHA256.HashData(Encoding.UTF8.GetBytes("gone\n" + id)))));
}
