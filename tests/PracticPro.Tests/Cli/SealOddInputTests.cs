using System.Security.Cryptography;
using System.Text;
using PracticPro.Cli;
using PracticPro.Vault;
using static PracticPro.Tests.Cli.ScratchSealer;

namespace PracticPro.Tests.Cli;

/// <summary>Input that is odd and right goes through; input that is wrong gets one line that says so, and the verb goes on.</summary>
[Trait("Promise", "ENC-1")]
public sealed class SealOddInputTests : IDisposable
{
    private const int Frame = 64 * 1024;

    private readonly ScratchSealer shell = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contents_of_every_odd_length_come_back()
    {
        int[] lengths = [.. Enumerable.Range(0, 36), 63, 64, 65, 127, 128, 129, 255, 256, 257, Frame - 1, Frame, Frame + 1, 1 << 20];
        var contents = lengths.Select(length => Convert.ToBase64String(RandomNumberGenerator.GetBytes(length))).ToList();

        Assert.Equal(contents, await ThereAndBackAsync([.. contents.Select((content, at) => ($"kind-{at}", "id", "field", content))]));
    }

    [Fact]
    public async Task Places_of_every_odd_kind_are_places()
    {
        string[] odd =
        [
            " ", "\t\r\n", "\0", "\u0001|\u001f", "é", "e\u0301", "睡眠", "🩺", "\uFEFF", "\uFFFD", "\"\\/", "{\"a\":1}", "a\u2028b",
            new('x', 1024), new('ü', 512), string.Concat(Enumerable.Repeat("🩺", 256)), "../../etc", "%00", "ID", "id",
        ];
        var lines = odd.SelectMany(part => new[] { (part, "id", "field"), ("kind", part, "field"), ("kind", "id", part) })
            .Select((place, at) => (place.Item1, place.Item2, place.Item3, Base64($"{at}"))).ToArray();

        Assert.Equal(lines.Select(line => line.Item4), await ThereAndBackAsync(lines));

        // Two that look alike are two: what was sealed for the one does not open for the other.
        var value = Value((await shell.SealAsync(Line("test-a", "é", "plaintext", "")))[0], "sealed");
        Assert.Equal("sealed-not-authentic", Value((await shell.OpenAsync(Line("test-a", "e\u0301", "sealed", value)))[0], "error"));
    }

    [Fact]
    public async Task Lines_end_as_they_end_anywhere_and_the_last_needs_none()
    {
        var line = Line("test-a", "1", "plaintext", "");

        Assert.All(await shell.SealInputAsync(new StringReader($"{line}\r\n{line}\n{line}")), IsSealed);
        Assert.Equal(3, (await shell.SealInputAsync(new StringReader($"{line}\r\n{line}\n{line}\r\n"))).Count);
        Assert.Empty(await shell.SealInputAsync(new StringReader(string.Empty)));
        Assert.Empty(await shell.SealInputAsync(new StringReader("\uFEFF")));
        IsSealed(Assert.Single(await shell.SealInputAsync(new StringReader("\uFEFF" + line))));
        IsSealed(Assert.Single(await shell.SealInputAsync(new StringReader($"  {line}\t \r\n"))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task It_does_not_matter_in_what_pieces_lines_come(int most)
    {
        var line = Line("test-a", "1", "plaintext", Base64("x"));

        var answers = await shell.SealInputAsync(new Dripping($"\uFEFF{line}\r\n\n{line}\r\n{line}", most));

        Assert.Equal(["sealed", "error", "sealed", "sealed"], answers.Select(Property));
    }

    [Theory]
    [InlineData("", "malformed-line")]
    [InlineData(" ", "malformed-line")]
    [InlineData("null", "malformed-line")]
    [InlineData("42", "malformed-line")]
    [InlineData("\"text\"", "malformed-line")]
    [InlineData("[{}]", "malformed-line")]
    [InlineData("{}", "malformed-line")]
    [InlineData("{\"tenant\":", "malformed-line")]
    [InlineData("{} {}", "malformed-line")]
    [InlineData("\0", "malformed-line")]
    [InlineData("""{"tenant":1,"kind":"k","id":"1","field":"f","plaintext":""}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":1,"id":"1","field":"f","plaintext":""}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":1.5,"field":"f","plaintext":""}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":null,"plaintext":""}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":5}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":["QQ=="]}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"f","sealed":""}""", "malformed-line")]
    [InlineData("""{"Tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":""}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":"k","kind":"k","id":"1","field":"f","plaintext":""}""", "malformed-line")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"\ud83e","field":"f","plaintext":""}""", "malformed-line")]
    [InlineData("""{"tenant":"","kind":"k","id":"1","field":"f","plaintext":""}""", "not-a-test-tenant")]
    [InlineData("""{"tenant":"TEST-A","kind":"k","id":"1","field":"f","plaintext":""}""", "not-a-test-tenant")]
    [InlineData("""{"tenant":"clinic","kind":"k","id":"1","field":"f","plaintext":""}""", "not-a-test-tenant")]
    [InlineData("""{"tenant":"test-a","kind":"","id":"1","field":"f","plaintext":""}""", "bad-place")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"","field":"f","plaintext":""}""", "bad-place")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"","plaintext":""}""", "bad-place")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":"QQ"}""", "not-base64")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":"QQ== "}""", "not-base64")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":"Q-_="}""", "not-base64")]
    [InlineData("""{"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":"hello"}""", "not-base64")]
    public async Task A_wrong_line_is_told_by_its_code_and_the_next_one_answered(string bad, string code)
    {
        var answers = await shell.SealAsync(bad, Line("test-a", "1", "plaintext", Base64("x")));

        Assert.Equal(2, answers.Count);
        Assert.Equal(code, Value(answers[0], "error"));
        IsSealed(answers[1]);
    }

    [Fact]
    public async Task A_part_of_a_place_that_is_too_long_is_a_bad_place()
    {
        string[] parts = [new('x', 1025), new('ü', 513), string.Concat(Enumerable.Repeat("🩺", 257))];

        var answers = await shell.SealAsync([.. parts.Select(part => Line("test-a", part, "plaintext", ""))]);

        Assert.Equal(["bad-place", "bad-place", "bad-place"], answers.Select(line => Value(line, "error")));
    }

    [Fact]
    public async Task Properties_that_nobody_asked_for_are_not_read()
    {
        var more = """{"extra":{"a":[1,{"b":null}]},"schema":9,"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":"eA==","purpose":"notes"}""";
        var value = Value(Assert.Single(await shell.SealAsync(more)), "sealed");

        var opened = await shell.OpenAsync(Line("test-a", "1", "sealed", value, kind: "k", field: "f"));

        Assert.Equal("eA==", Value(Assert.Single(opened), "plaintext"));
    }

    [Fact]
    public async Task What_is_no_sealed_value_is_told_apart()
    {
        var sealedText = Value((await shell.SealAsync(Line("test-a", "1", "plaintext", Base64("hello"))))[0], "sealed");
        var value = Convert.FromBase64String(sealedText);
        byte[] With(int at, byte with) => [.. value[..at], with, .. value[(at + 1)..]];
        (byte[] Bytes, string Code)[] wrong =
        [
            ([], "sealed-too-short"),
            ([1], "sealed-too-short"),
            (value[..85], "sealed-too-short"),
            (With(0, 0), "sealed-version-unknown"),
            (With(0, 2), "sealed-version-unknown"),
            (With(1, 2), "sealed-suite-unknown"),
            (With(2, 1), "key-generation-unknown"),
            (With(5, 9), "key-generation-unknown"),
            (With(6, (byte)(value[6] ^ 1)), "sealed-under-another-key"),
            (With(69, (byte)(value[69] ^ 128)), "sealed-under-another-key"),
            (With(70, (byte)(value[70] ^ 1)), "sealed-not-authentic"),
            (With(value.Length - 1, (byte)(value[^1] ^ 1)), "sealed-not-authentic"),
            (value[..^1], "sealed-not-authentic"),
            ([.. value, 0], "sealed-not-authentic"),
            (Encoding.UTF8.GetBytes(new string('x', 500)), "sealed-version-unknown"),
        ];

        var answers = await shell.OpenAsync(
            [.. wrong.Select(one => Line("test-a", "1", "sealed", Convert.ToBase64String(one.Bytes))), Line("test-a", "1", "sealed", sealedText)]);

        Assert.Equal(wrong.Select(one => one.Code), answers.SkipLast(1).Select(line => Value(line, "error")));
        Assert.Equal(Base64("hello"), Value(answers[^1], "plaintext"));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task Values_do_not_open_for_another_tenant_or_with_their_fields_swapped()
    {
        var value = Value((await shell.SealAsync(Line("test-a", "left", "plaintext", "", "kind", "right")))[0], "sealed");

        var answers = await shell.OpenAsync(
            Line("test-b", "left", "sealed", value, "kind", "right"),
            Line("test-a", "right", "sealed", value, "kind", "left"),
            Line("test-a", "kind", "sealed", value, "left", "right"),
            Line("test-a", "leftr", "sealed", value, "kind", "ight"));

        Assert.Equal("sealed-under-another-key", Value(answers[0], "error"));
        Assert.All(answers.Skip(1), line => Assert.Equal("sealed-not-authentic", Value(line, "error")));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_answered_without_being_held()
    {
        var lines = new BoundedLines(new StringReader($"{new string('x', 50_001)}\r\nnext\n{new string('y', 50_000)}"), most: 50_000);

        Assert.Null((await lines.NextAsync(Cancellation))!.Value.Text);
        Assert.Equal("next", (await lines.NextAsync(Cancellation))!.Value.Text);
        Assert.Equal(50_000, (await lines.NextAsync(Cancellation))!.Value.Text!.Length);
        Assert.Null(await lines.NextAsync(Cancellation));

        await using var output = new StringWriter();
        await AnswerSealLines.RunAsync(
            new StringReader($"{new string('x', 300)}\n{Line("test-a", "1", "plaintext", "")}\n"),
            output, shell.Folder, "plaintext", (_, _) => """{"answered":""}""", Cancellation, longest: 200);
        Assert.Equal("{\"error\":\"line-too-long\"}\n{\"answered\":\"\"}\n", output.ToString());
    }

    [Fact]
    public async Task Content_longer_than_can_be_sealed_in_one_piece_is_refused()
    {
        var zeros = new string('A', 4 * (SealedFormat.MaximumPlaintextBytes + 2) / 3);
        var tooMuch = $$"""{"tenant":"test-a","kind":"k","id":"1","field":"f","plaintext":"{{zeros}}"}""";

        var answers = await shell.SealAsync(tooMuch, Line("test-a", "1", "plaintext", ""));

        Assert.Equal("plaintext-too-long", Value(answers[0], "error"));
        IsSealed(answers[1]);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_and_not_taken_for_other_text()
    {
        byte[] Bytes(params byte[] id) =>
            [.. """{"tenant":"test-a","kind":"k","id":"x"""u8, .. id, .. "\",\"field\":\"f\",\"plaintext\":\"\"}\n"u8];
        byte[] input = [.. Bytes(0xff), .. Bytes(0xc3), .. Bytes(0xed, 0xa0, 0x80), .. Bytes(0xc3, 0xa9), .. Bytes(0xef, 0xbf, 0xbd)];

        var answers = await shell.SealInputAsync(StandardInput.Over(new MemoryStream(input)));

        Assert.Equal(["error", "error", "error", "sealed", "sealed"], answers.Select(Property));
    }

    public void Dispose() => shell.Dispose();

    private static void IsSealed(string line) => Assert.NotEmpty(Value(line, "sealed"));

    private static string Property(string line) => line.Split('"')[1];

    private async Task<IEnumerable<string>> ThereAndBackAsync((string Kind, string Id, string Field, string Content)[] lines)
    {
        var values = await shell.SealAsync(
            [.. lines.Select(line => Line("test-a", line.Id, "plaintext", line.Content, line.Kind, line.Field))]);
        var opened = await shell.OpenAsync(
            [.. lines.Select((line, at) => Line("test-a", line.Id, "sealed", Value(values[at], "sealed"), line.Kind, line.Field))]);
        return opened.Select(line => Value(line, "plaintext"));
    }

    /// <summary>Gives a few characters at a time.</summary>
    private sealed class Dripping(string text, int most) : StringReader(text)
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
