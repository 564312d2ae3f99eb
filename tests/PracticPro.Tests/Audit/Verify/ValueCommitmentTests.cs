using FsCheck;
using FsCheck.Fluent;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

public sealed class ValueCommitmentTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(0, 32).Select(at => (byte)at)];

    // Computed apart from this code: python3 -c "import hashlib,struct;
    //   p=lambda b:struct.pack('>I',len(b))+b;
    //   print(hashlib.sha256(p(b'practicpro/audit-value/v1')+p(bytes(range(32)))+p(b'recipient')+p('Åda'.encode())).hexdigest())"
    [Fact]
    public void A_commitment_is_the_hash_of_its_parts_behind_their_lengths() =>
        Assert.Equal(
            GoldenFiles.Text("commitment-v1.hash").TrimEnd(),
            ValueCommitment.Of(Salt, "recipient", "Åda").ToString());

    [Fact]
    public void No_other_value_name_or_salt_opens_a_commitment() =>
        Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>((value, other, name) =>
        {
            string[] texts = [.. new[] { value.Get, other.Get, name.Get }.Select(WellFormed)];
            var made = ValueCommitment.Of(Salt, texts[2], texts[0]);
            byte[] otherSalt = [.. Salt[..31], 0];
            return (texts[0] == texts[1] || ValueCommitment.Of(Salt, texts[2], texts[1]) != made)
                && ValueCommitment.Of(Salt, texts[2] + "x", texts[0]) != made
                && ValueCommitment.Of(otherSalt, texts[2], texts[0]) != made;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Moving_a_letter_from_name_to_value_gives_another_commitment() =>
        Assert.NotEqual(ValueCommitment.Of(Salt, "ab", "c"), ValueCommitment.Of(Salt, "a", "bc"));

    [Fact]
    public void A_salt_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ValueCommitment.Of(Salt.AsSpan(1), "a", "b"));

    private static string WellFormed(string text) => new([.. text.Where(symbol => !char.IsSurrogate(symbol))]);
}
