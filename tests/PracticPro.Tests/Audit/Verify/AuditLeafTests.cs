using System.Text;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

public sealed class AuditLeafTests
{
    private static readonly AuditLeaf Full = new(
        "leaf-01k5s3v8e0abcdefghjkmnpqrs",
        1_790_000_000_000,
        "person-01k5s3v8e0abcdefghjkmnpqrs",
        "mail-sent",
        [new("connection", "c-1"), new("approval", "a-1")],
        [new("recipients", 2)],
        ["AUD-2", "APR-1"],
        [new("subject", Commitment("Hello")), new("recipient", Commitment("ada@example.org"))]);

    [Fact]
    public void A_leaf_of_version_1_is_these_bytes() =>
        Assert.Equal(GoldenFiles.Text("leaf-v1.json"), Encoding.UTF8.GetString(Full.ToUtf8()) + "\n");

    [Fact]
    public void The_golden_leaf_has_this_hash() =>
        Assert.Equal(GoldenFiles.Text("leaf-v1.hash"), MerkleTree.Leaf(Full.ToUtf8()) + "\n");

    [Fact]
    public void What_is_empty_is_not_in_a_leaf() =>
        Assert.Equal(
            "{\"act\":\"mail-sent\",\"actor\":\"job:x\",\"at\":1,\"id\":\"leaf-1\",\"v\":1}",
            Encoding.UTF8.GetString(new AuditLeaf("leaf-1", 1, "job:x", "mail-sent", [], [], [], []).ToUtf8()));

    [Fact]
    public void A_leaf_is_read_back_as_it_was_written()
    {
        Assert.True(AuditLeafReader.TryRead(Full.ToUtf8(), out var read));
        Assert.Equal(Full.ToUtf8(), read.ToUtf8());
        Assert.Equal((Full.Id, Full.AtMilliseconds, Full.Actor, Full.Act), (read.Id, read.AtMilliseconds, read.Actor, read.Act));
    }

    [Fact]
    public void A_leaf_with_an_act_of_a_later_program_is_well_formed() =>
        Assert.True(AuditLeafReader.TryRead((Full with { Act = "something-new" }).ToUtf8(), out _));

    [Theory]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"id\":\"l\",\"v\":2}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"id\":\"l\",\"v\":1,\"x\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"id\":\"l\",\"v\":1} ")]
    [InlineData("{\"actor\":\"j\",\"act\":\"a\",\"at\":1,\"id\":\"l\",\"v\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"counts\":{},\"id\":\"l\",\"v\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"counts\":{\"b\":1,\"a\":1},\"id\":\"l\",\"v\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"counts\":{\"a\":1,\"a\":1},\"id\":\"l\",\"v\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"id\":\"l\",\"promises\":[\"AUD-2\",\"AUD-1\"],\"v\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"id\":\"l\",\"promises\":[\"nothing\"],\"v\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1,\"id\":\"l\",\"v\":1,\"values\":{\"a\":\"00\"}}")]
    [InlineData("{\"act\":\"A b\",\"actor\":\"j\",\"at\":1,\"id\":\"l\",\"v\":1}")]
    [InlineData("{\"act\":\"a\",\"actor\":\"j\",\"at\":1.5,\"id\":\"l\",\"v\":1}")]
    [InlineData("")]
    public void Anything_but_a_canonical_leaf_is_refused(string json) =>
        Assert.False(AuditLeafReader.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void A_leaf_with_a_name_twice_is_not_written() =>
        Assert.Throws<ArgumentException>(() => (Full with { Subjects = [new("a", "1"), new("a", "2")] }).ToUtf8());

    [Fact]
    public void A_leaf_with_a_negative_count_is_not_written() =>
        Assert.Throws<ArgumentException>(() => (Full with { Counts = [new("a", -1)] }).ToUtf8());

    private static TreeHash Commitment(string value) =>
        ValueCommitment.Of([.. Enumerable.Range(0, 32).Select(at => (byte)at)], "recipient", value);
}
