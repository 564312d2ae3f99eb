using System.Security.Cryptography;

namespace PracticPro.Audit.Verify;

/// <summary>
/// The tree of RFC 9162 section 2.1.1 (the same as RFC 6962 section 2.1) over SHA-256.
/// <code>
/// root of no leaves   SHA-256()
/// leaf                SHA-256(0x00 | entry)
/// node                SHA-256(0x01 | left 32 bytes | right 32 bytes)
/// </code>
/// The two first bytes keep a node from being passed off as a leaf. An odd subtree is carried up, never doubled.
/// </summary>
internal static class MerkleTree
{
    // One hash object a thread, used again and again: the platform's one-shot call makes and frees one each time, which
    // for inputs this short costs a third of the whole. It holds nothing between two calls.
    [ThreadStatic]
    private static IncrementalHash? hasher;

    public static TreeHash EmptyRoot { get; } = new(SHA256.HashData([]));

    public static TreeHash Leaf(ReadOnlySpan<byte> entry) => Hash([0x00], entry);

    public static TreeHash Node(TreeHash left, TreeHash right)
    {
        Span<byte> both = stackalloc byte[2 * TreeHash.Length];
        left.CopyTo(both);
        right.CopyTo(both[TreeHash.Length..]);
        return Hash([0x01], both);
    }

    /// <summary>
    /// The root from all leaf hashes, written as the RFC defines it: split at the largest power of two below the size.
    /// The measure <see cref="CompactRange"/> is held against; for long logs use that one.
    /// </summary>
    public static TreeHash Root(ReadOnlySpan<TreeHash> leaves)
    {
        if (leaves.IsEmpty)
        {
            return EmptyRoot;
        }

        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        var split = 1;
        while (split * 2 < leaves.Length)
        {
            split *= 2;
        }

        return Node(Root(leaves[..split]), Root(leaves[split..]));
    }

    private static TreeHash Hash(ReadOnlySpan<byte> mark, ReadOnlySpan<byte> content)
    {
        var own = hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        own.AppendData(mark);
        own.AppendData(content);
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        own.GetHashAndReset(hash);
        return new TreeHash(hash);
    }
}
