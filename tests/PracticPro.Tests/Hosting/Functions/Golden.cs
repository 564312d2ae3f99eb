using System.Text;
using System.Text.Json;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>Bodies and headers as a real Functions host sent them (4.1037, Durable extension 2.13.7).</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<T> Rows<T>(string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Hosting", "Functions", "Golden", file);
        return JsonSerializer.Deserialize<List<T>>(File.ReadAllText(path), Form)!;
    }

    public static Call Row(string file, string name) => Rows<Call>(file).Single(row => row.Name == name);

    /// <param name="Given">What the host was given to send.</param>
    internal sealed record Call(string Name, string Body, string? Given = null)
    {
        public byte[] Utf8 => Encoding.UTF8.GetBytes(Body);
    }

    internal sealed record Turn(string Name, string Instance, int Past, int Fresh, string Body);

    internal sealed record ReturnValue(string Kind, string Answer, string? Result);

    internal sealed record Request(string Name, string Method, string Path, IReadOnlyDictionary<string, string> Headers);
}
