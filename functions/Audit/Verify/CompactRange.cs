using System.Numerics;

namespace PracticPro.Audit.Verify;

/// <summary>
/// What must be kept of a growing tree to append to it and to know its root: the roots of its perfect subtrees, the
/// largest first, one for each set bit of the size. At most 63 hashes for any log. Not safe for two threads at once.
/// <code>
/// size 13 = 8 + 4 + 1      [ root of leaves 0–7 ][ root of leaves 8–11 ][ leaf 12 ]
/// </code>
/// </summary>
internal sealed class CompactRange
{
    // Invariant: subtrees.Count is the number of set bits of Size; subtree sizes strictly fall.
    private readonly List<TreeHash> subtrees;

    public CompactRange() => subtrees = [];

    /// <summary>Goes on from a kept state.</summary>
    /// <exception cref="ArgumentException">The number of hashes does not belong to that size.</exception>
    public CompactRange(long size, IEnumerable<TreeHash> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        subtrees = [.. hashes];
        Size = size;
        if (subtrees.Count != BitOperations.PopCount((ulong)size))
        {
            throw new ArgumentException("The hashes do not belong to a tree of this size.", nameof(hashes));
        }
    }

    /// <summary>Leaves appended so far.</summary>
    public long Size { get; private set; }

    public IReadOnlyList<TreeHash> Subtrees => subtrees;

    /// <summary>Takes the next leaf. One node is hashed for each subtree that becomes full; one a leaf on average.</summary>
    public void Append(TreeHash leaf)
    {
        var joined = leaf;
        for (var full = BitOperations.TrailingZeroCount(~(ulong)Size); full > 0; full--)
        {
            joined = MerkleTree.Node(subtrees[^1], joined);
            subtrees.RemoveAt(subtrees.Count - 1);
        }

        subtrees.Add(joined);
        Size++;
    }

    /// <summary>The root now. The smaller subtrees are joined first, from the right.</summary>
    public TreeHash Root()
    {
        if (subtrees.Count == 0)
        {
            return MerkleTree.EmptyRoot;
        }

        var root = subtrees[^1];
        for (var at = subtrees.Count - 2; at >= 0; at--)
        {
            root = MerkleTree.Node(subtrees[at], root);
        }

        return root;
    }
}
