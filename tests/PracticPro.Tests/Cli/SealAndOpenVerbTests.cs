using System.Text;
using static PracticPro.Tests.Cli.ScratchSealer;

namespace PracticPro.Tests.Cli;

public sealed class SealAndOpenVerbTests : IDisposable
{
    private readonly ScratchSealer shell = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "ENC-1")]
    public async Task What_seal_wrote_open_reads_in_order()
    {
        string[] contents = ["", "x", "Schlief schlecht – 睡眠", new('y', 70_000)];

        var sealedTexts = await shell.SealAsync([.. contents.Select((text, at) => Line("test-a", $"id-{at}", "plaintext", Base64(text)))]);
        var opened = await shell.OpenAsync([.. sealedTexts.Select((text, at) => Line("test-a", $"id-{at}", "sealed", Value(text, "sealed")))]);

        Assert.Equal(contents, opened.Select(line => Encoding.UTF8.GetString(Convert.FromBase64String(Value(line, "plaintext")))));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_value_opens_for_its_own_tenant_and_place_only()
    {
        var value = Value(Assert.Single(await shell.SealAsync(Line("test-a", "1", "plaintext", Base64("x")))), "sealed");

        var answers = await shell.OpenAsync(
            Line("test-b", "1", "sealed", value),
            Line("test-a", "2", "sealed", value),
            Line("test-a", "1", "sealed", value, kind: "notes"),
            Line("test-a", "1", "sealed", value, field: "other"),
            Line("test-a", "1", "sealed", value));

        Assert.Equal(
            ["sealed-under-another-key", "sealed-not-authentic", "sealed-not-authentic", "sealed-not-authentic"],
            answers.Take(4).Select(line => Value(line, "error")));
        Assert.Equal(Base64("x"), Value(answers[4], "plaintext"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"tenant\":\"test-a\"}")]
    [InlineData("{\"tenant\":\"test-a\",\"kind\":\"k\",\"id\":1,\"field\":\"f\",\"plaintext\":\"\"}")]
    [InlineData("{\"tenant\":\"test-a\",\"tenant\":\"test-b\",\"kind\":\"k\",\"id\":\"1\",\"field\":\"f\",\"plaintext\":\"\"}")]
    [InlineData("{\"tenant\":\"test-a\",\"kind\":\"k\",\"id\":\"\\ud800\",\"field\":\"f\",\"plaintext\":\"\"}")]
    [InlineData("{\"tenant\":\"acme\",\"kind\":\"k\",\"id\":\"1\",\"field\":\"f\",\"plaintext\":\"\"}")]
    [InlineData("{\"tenant\":\"../test-a\",\"kind\":\"k\",\"id\":\"1\",\"field\":\"f\",\"plaintext\":\"\"}")]
    [InlineData("{\"tenant\":\"test-a\",\"kind\":\"\",\"id\":\"1\",\"field\":\"f\",\"plaintext\":\"\"}")]
    [InlineData("{\"tenant\":\"test-a\",\"kind\":\"k\",\"id\":\"1\",\"field\":\"f\",\"plaintext\":\"%\"}")]
    [InlineData("{\"tenant\":\"test-a\",\"kind\":\"k\",\"id\":\"1\",\"field\":\"f\",\"plaintext\":\"QR==\"}")]
    public async Task A_bad_line_is_answered_and_the_next_one_read(string bad)
    {
        var answers = await shell.SealAsync(bad, Line("test-a", "1", "plaintext", Base64("x")));

        Assert.Equal(2, answers.Count);
        Assert.NotEmpty(Value(answers[0], "error"));
        Assert.NotEmpty(Value(answers[1], "sealed"));
    }

    [Fact]
    public async Task Programs_that_start_at_once_share_one_vault()
    {
        var line = Line("test-a", "1", "plaintext", Base64("x"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => shell.SealAsync(line), Cancellation)));

        var opened = await shell.OpenAsync([.. answers.Select(one => Line("test-a", "1", "sealed", Value(one[0], "sealed")))]);
        Assert.All(opened, each => Assert.Equal(Base64("x"), Value(each, "plaintext")));
    }

    [Fact]
    public async Task The_folder_is_made_for_the_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists instead of modes.");
            return;
        }

        await shell.SealAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(shell.Folder));
    }

    public void Dispose() => shell.Dispose();
}
