using System.Text;
using System.Text.Json;
using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

/// <summary>The verbs seal and open over a scratch vault of one test.</summary>
internal sealed class ScratchSealer : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("practicpro-scratch-");

    public string Folder => Path.Combine(parent.FullName, "vault");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A line of input.</summary>
    /// <param name="content">The property that holds the bytes: <c>plaintext</c> or <c>sealed</c>.</param>
    public static string Line(
        string tenant, string id, string content, string base64, string kind = "contact", string field = "body") =>
        JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["tenant"] = tenant, ["kind"] = kind, ["id"] = id, ["field"] = field, [content] = base64,
        });

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>The value of the one property that a line of output has.</summary>
    public static string Value(string line, string property)
    {
        using var json = JsonDocument.Parse(line);
        var only = Assert.Single(json.RootElement.EnumerateObject());
        Assert.Equal(property, only.Name);
        return only.Value.GetString()!;
    }

    public Task<IReadOnlyList<string>> SealAsync(params string[] lines) => RunAsync(SealVerb.RunAsync, lines);

    public Task<IReadOnlyList<string>> OpenAsync(params string[] lines) => RunAsync(OpenVerb.RunAsync, lines);

    /// <summary>What the seal verb answers to an input as it is.</summary>
    public async Task<IReadOnlyList<string>> SealInputAsync(TextReader input)
    {
        await using var output = new StringWriter();
        Assert.Equal(0, await SealVerb.RunAsync(input, output, Folder, Cancellation));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => parent.Delete(recursive: true);

    private async Task<IReadOnlyList<string>> RunAsync(
        Func<TextReader, TextWriter, string?, CancellationToken, Task<int>> verb, string[] lines)
    {
        using var input = new StringReader(string.Concat(lines.Select(line => line + "\n")));
        await using var output = new StringWriter();
        Assert.Equal(0, await verb(input, output, Folder, Cancellation));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
