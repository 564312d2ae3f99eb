using System.Text;
using System.Text.Json;
using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

public sealed class SealAndOpenVerbTests : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("practicpro-scratch-");

    private string Folder => Path.Combine(parent.FullName, "vault");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "ENC-1")]
    public async Task What_seal_wrote_open_reads_in_order()
    {
        string[] contents = ["", "x", "Schlief schlecht – 睡眠", new('y', 70_000)];

        var sealedTexts = await SealAsync([.. contents.Select((text, at) => Line("test-a", $"id-{at}", "plaintext", Base64(text)))]);
        var opened = await OpenAsync([.. sealedTexts.Select((text, at) => Line("test-a", $"id-{at}", "sealed", Value(text, "sealed")))]);

        Assert.Equal(contents, opened.Select(line => Encoding.UTF8.GetString(Convert.FromBase64String(Value(line, "plaintext")))));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_value_opens_for_its_own_tenant_and_place_only()
    {
        var value = Value(Assert.Single(await SealAsync(Line("test-a", "1", "plaintext", Base64("x")))), "sealed");

        var answers = await OpenAsync(
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
        var answers = await SealAsync(bad, Line("test-a", "1", "plaintext", Base64("x")));

        Assert.Equal(2, answers.Count);
        Assert.NotEmpty(Value(answers[0], "error"));
        Assert.NotEmpty(Value(answers[1], "sealed"));
    }

    [Fact]
    public async Task Programs_that_start_at_once_share_one_vault()
    {
        var line = Line("test-a", "1", "plaintext", Base64("x"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SealAsync(line), Cancellation)));

        var opened = await OpenAsync([.. answers.Select(one => Line("test-a", "1", "sealed", Value(one[0], "sealed")))]);
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

        await SealAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    public void Dispose() => parent.Delete(recursive: true);

    private static string Line(
        string tenant, string id, string content, string base64, string kind = "contact", string field = "body") =>
        JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["tenant"] = tenant, ["kind"] = kind, ["id"] = id, ["field"] = field, [content] = base64,
        });

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Value(string line, string property)
    {
        using var json = JsonDocument.Parse(line);
        var only = Assert.Single(json.RootElement.EnumerateObject());
        Assert.Equal(property, only.Name);
        return only.Value.GetString()!;
    }

    private Task<IReadOnlyList<string>> SealAsync(params string[] lines) => RunAsync(SealVerb.RunAsync, lines);

    private Task<IReadOnlyList<string>> OpenAsync(params string[] lines) => RunAsync(OpenVerb.RunAsync, lines);

    private async Task<IReadOnlyList<string>> RunAsync(
        Func<TextReader, TextWriter, string?, CancellationToken, Task<int>> verb, string[] lines)
    {
        using var input = new StringReader(string.Concat(lines.Select(line => line + "\n")));
        await using var output = new StringWriter();
        Assert.Equal(0, await verb(input, output, Folder, Cancellation));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
