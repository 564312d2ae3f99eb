using FsCheck;
using FsCheck.Fluent;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

public sealed class SealContextTests
{
    [Fact]
    [Trait("Promise", "ISO-1")]
    public void Moving_a_letter_between_parts_changes_the_encoding()
    {
        string[] encodings = [
            Encoded(new SealContext("ab", "c", "d", 1)),
            Encoded(new SealContext("a", "bc", "d", 1)),
            Encoded(new SealContext("a", "b", "cd", 1)),
            Encoded(new SealContext("a", "b|c", "d", 1)),
            Encoded(new SealContext("a|b", "c", "d", 1)),
            Encoded(new SealContext("a", "b\0c", "d", 1)),
            Encoded(new SealContext("a", "b", "\0c\0d", 1))];

        Assert.Equal(encodings.Length, encodings.Distinct().Count());
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public void Two_contexts_share_an_encoding_only_if_they_are_equal()
    {
        // Few letters and short parts, so that near misses are common.
        var letter = Gen.Elements('a', 'b', '|', '\0', '\u0001');
        var part = from length in Gen.Choose(1, 4) from letters in Gen.ArrayOf(letter, length) select new string(letters);
        var context = from kind in part from id in part from field in part from schema in Gen.Choose(1, 3)
                      select new SealContext(kind, id, field, schema);

        Prop.ForAll(context.Two().ToArbitrary(), pair =>
            (Encoded(pair.Item1) == Encoded(pair.Item2)) == pair.Item1.Equals(pair.Item2))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", "id", "field", 1)]
    [InlineData("kind", "", "field", 1)]
    [InlineData("kind", "id", "", 1)]
    [InlineData("kind", "id", "field", 0)]
    [InlineData("kind", "id", "field", -1)]
    public void A_missing_part_is_refused(string kind, string id, string field, int schema) =>
        Assert.ThrowsAny<ArgumentException>(() => new SealContext(kind, id, field, schema));

    [Fact]
    public void Half_a_surrogate_pair_is_refused_without_being_quoted()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new SealContext("kind", "secret\ud800", "field", 1));

        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_has_at_most_1024_bytes()
    {
        Assert.Equal(1024, new SealContext("k", new string('x', 1024), "f", 1).Id.Length);
        Assert.Throws<ArgumentException>(() => new SealContext("k", new string('x', 1025), "f", 1));
        Assert.Throws<ArgumentException>(() => new SealContext("k", new string('ü', 513), "f", 1));
    }

    private static string Encoded(SealContext context)
    {
        var bytes = new byte[context.EncodedBytes];
        context.Encode(1, bytes);
        return Convert.ToHexString(bytes);
    }
}
