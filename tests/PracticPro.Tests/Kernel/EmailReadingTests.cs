using PracticPro.Kernel;

namespace PracticPro.Tests.Kernel;

/// <summary>Mail addresses as people write them, and their one spelling.</summary>
public sealed class EmailReadingTests
{
    [Theory]
    [InlineData(" Ada@Mail.Example ", "ada@mail.example")]
    [InlineData("ada.b+forms@mail.example", "ada.b+forms@mail.example")]
    [InlineData("ada@Bücher.Example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@BÜCHER.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@bücher\u3002example", "ada@xn--bcher-kva.example")]
    public void Every_spelling_of_one_mailbox_is_one(string written, string normalised)
    {
        Assert.True(EmailAddress.TryRead(written, out var address));
        Assert.Equal(normalised, address.Normalised);
    }

    [Fact]
    public void Two_people_whose_addresses_differ_by_dots_stay_two()
    {
        Assert.True(EmailAddress.TryRead("ada.b@mail.example", out var one));
        Assert.True(EmailAddress.TryRead("adab@mail.example", out var other));
        Assert.NotEqual(one.Normalised, other.Normalised);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@bücher.example")]
    [InlineData("bücher.example")]
    [InlineData("jürgen@mail.example")]
    [InlineData("ada@bu\u0308cher.example")]
    [InlineData("ada@bü_cher.example")]
    [InlineData("ada@bü cher.example")]
    [InlineData("ada@bü\ufffd.example")]
    [InlineData("ada@b\u2603.example")]
    [InlineData("ada@bücher")]
    public void What_cannot_be_read_is_refused(string? written) => Assert.False(EmailAddress.TryRead(written, out _));

    [Fact]
    public void Half_a_symbol_is_refused() => Assert.False(EmailAddress.TryRead($"ada@bü{'\ud800'}.example", out _));
}
