using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

public sealed class CanonicalTests
{
    [Fact]
    public void Members_are_sorted_by_their_code_units_and_nothing_is_between_them()
    {
        // The order of RFC 8785 section 3.2.3: U+FB33 comes after U+1F600, whose first code unit is D83D.
        var json = Text(new Canonical.Members(
        [
            new("\u20ac", Canonical.Of("Euro Sign")),
            new("\r", Canonical.Of("Carriage Return")),
            new("\ufb33", Canonical.Of("Hebrew Letter Dalet With Dagesh")),
            new("1", Canonical.Of(1)),
            new("\ud83d\ude00", Canonical.Of("Emoji: Grinning Face")),
            new("\u0080", Canonical.Of("Control")),
            new("\u00f6", Canonical.Of("Latin Small Letter O With Diaeresis")),
        ]));
        Assert.Equal(
            "{\"\\r\":\"Carriage Return\",\"1\":1,\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
            + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\","
            + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
            json);
    }

    [Fact]
    public void Only_what_must_be_escaped_is() =>
        Assert.Equal(
            "\"\\b\\t\\n\\f\\r\\u0000\\u001f\\\"\\\\/\u007f\u2028é\"",
            Text(Canonical.Of("\b\t\n\f\r\0\u001f\"\\/\u007f\u2028é")));

    [Fact]
    public void Every_text_that_is_written_is_read_back() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            var value = new string([.. text.Get.Where(symbol => !char.IsSurrogate(symbol))]) + "\ud83d\ude00\0\u001f\"\\";
            var reader = new CanonicalReader(Canonical.Of(value).ToUtf8());
            return reader.Text(out var read) && reader.AtEnd && read == value;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_the_reader_takes_are_the_bytes_the_writer_writes() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            byte[] quoted = [(byte)'"', .. bytes, (byte)'"'];
            var reader = new CanonicalReader(quoted);
            return !reader.Text(out var text) || !reader.AtEnd || Canonical.Of(text).ToUtf8().SequenceEqual(quoted);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("\"\\u0061\"")]
    [InlineData("\"\\/\"")]
    [InlineData("\"\\u000a\"")]
    [InlineData("\"\\u001F\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"open")]
    [InlineData("\"\\")]
    [InlineData("bare")]
    public void A_second_spelling_of_a_text_is_refused(string json)
    {
        var reader = new CanonicalReader(Encoding.UTF8.GetBytes(json));
        Assert.False(reader.Text(out _));
    }

    [Theory]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("")]
    [InlineData("9007199254740992")]
    [InlineData("99999999999999999999")]
    public void A_number_out_of_range_or_form_is_refused(string json)
    {
        var reader = new CanonicalReader(Encoding.UTF8.GetBytes(json));
        Assert.False(reader.Whole(out _) && reader.AtEnd);
    }

    [Fact]
    public void A_number_too_large_for_all_readers_is_not_written() =>
        Assert.Throws<ArgumentException>(() => Canonical.Of(Canonical.MaximumWhole + 1).ToUtf8());

    [Fact]
    public void A_member_named_twice_is_not_written() =>
        Assert.Throws<ArgumentException>(() =>
            new Canonical.Members([new("a", Canonical.Of(1)), new("a", Canonical.Of(2))]).ToUtf8());

    [Fact]
    public void Half_a_surrogate_pair_is_not_written() =>
        Assert.ThrowsAny<ArgumentException>(() => Canonical.Of("a\ud83d").ToUtf8());

    private static string Text(Canonical json) => Encoding.UTF8.GetString(json.ToUtf8());
}
