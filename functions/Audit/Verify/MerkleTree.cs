using System.Buffers;
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
    private const byte LeafMark = 0x00;
    private const byte NodeMark = 0x01;
    private const int OnStack = 1024;

    public static TreeHash EmptyRoot { get; } = new(SHA256.HashData([]));

    public static TreeHash Leaf(ReadOnlySpan<byte> entry)
    {
        var rented = entry.Length < OnStack ? null : ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        var input = rented is null ? stackalloc byte[OnStack] : rented;
        input[0] = LeafMark;
        entry.CopyTo(input[1..]);
        var hash = Hash(input[..(entry.Length + 1)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    public static TreeHash Node(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * TreeHash.Length)];
        input[0] = NodeMark;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + TreeHash.Length)..]);
        return Hash(input);
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

    private static TreeHash Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        SHA256.HashData(input, hash);
        return new TreeHash(hash);
    }
}
