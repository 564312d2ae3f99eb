using FsCheck;
using FsCheck.Fluent;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

public sealed class MerkleTreeTests
{
    [Fact]
    [Trait("Promise", "AUD-1")]
    public void Roots_are_those_of_the_certificate_transparency_vectors()
    {
        var leaves = new List<TreeHash>();
        var checkedRoots = 0;
        foreach (var line in GoldenFiles.Text("rfc6962-vectors.txt").Split('\n').Where(line => line is [not '#', ..]))
        {
            var (entry, root) = (line.Split(' ')[0], line.Split(' ')[1]);
            if (entry != "none")
            {
                leaves.Add(MerkleTree.Leaf(entry == "-" ? [] : Convert.FromHexString(entry)));
            }

            Assert.Equal(root, MerkleTree.Root([.. leaves]).ToString());
            Assert.Equal(root, RangeOf(leaves).Root().ToString());
            checkedRoots++;
        }

        Assert.Equal(9, checkedRoots);
    }

    [Fact]
    public void Appending_gives_the_same_root_as_hashing_from_scratch() =>
        Prop.ForAll<byte[][]>(entries =>
        {
            var leaves = HashesOf(entries);
            return RangeOf(leaves).Root() == MerkleTree.Root([.. leaves]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_range_goes_on_from_what_was_kept_of_it() =>
        Prop.ForAll<byte[][], byte[][]>((before, after) =>
        {
            var kept = RangeOf(HashesOf(before));
            var resumed = new CompactRange(kept.Size, kept.Subtrees);
            HashesOf(after).ForEach(resumed.Append);
            return resumed.Root() == MerkleTree.Root([.. HashesOf(before), .. HashesOf(after)]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_range_of_any_size_up_to_300_agrees()
    {
        var leaves = new List<TreeHash>();
        var range = new CompactRange();
        for (var size = 1; size <= 300; size++)
        {
            leaves.Add(MerkleTree.Leaf(BitConverter.GetBytes(size)));
            range.Append(leaves[^1]);
            Assert.Equal(MerkleTree.Root([.. leaves]), range.Root());
        }
    }

    [Fact]
    public void A_range_refuses_hashes_that_belong_to_another_size() =>
        Assert.Throws<ArgumentException>(() => new CompactRange(3, [MerkleTree.EmptyRoot]));

    [Fact]
    public void A_leaf_cannot_be_passed_off_as_a_node()
    {
        var left = MerkleTree.Leaf("a"u8);
        var right = MerkleTree.Leaf("b"u8);
        Assert.NotEqual(MerkleTree.Node(left, right), MerkleTree.Leaf([.. left.ToArray(), .. right.ToArray()]));
    }

    [Fact]
    public void A_long_leaf_is_hashed_whole()
    {
        var entry = new byte[5000];
        Assert.NotEqual(MerkleTree.Leaf(entry), MerkleTree.Leaf(entry.AsSpan(1)));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData([0, .. entry]), MerkleTree.Leaf(entry).ToArray());
    }

    [Fact]
    public void A_hash_is_read_in_its_own_spelling_only()
    {
        var hash = MerkleTree.EmptyRoot;
        Assert.True(TreeHash.TryParseBase64(hash.ToBase64(), out var read) && read == hash);
        Assert.EndsWith("U=", hash.ToBase64(), StringComparison.Ordinal);
        Assert.False(TreeHash.TryParseBase64(hash.ToBase64()[..42] + "V=", out _));
        Assert.False(TreeHash.TryParse("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"u8, out _));
    }

    private static List<TreeHash> HashesOf(byte[][] entries) => [.. entries.Select(entry => MerkleTree.Leaf(entry))];

    private static CompactRange RangeOf(List<TreeHash> leaves)
    {
        var range = new CompactRange();
        leaves.ForEach(range.Append);
        return range;
    }
}
