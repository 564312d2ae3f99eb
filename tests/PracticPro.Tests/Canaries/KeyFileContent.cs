using System.Text.Json;

namespace PracticPro.Tests.Canaries;

/// <summary>Every key a key file holds, without knowing its shape: what is base64 and long enough for one.</summary>
internal static class KeyFileContent
{
    private const int LeastKey = 32;

    public static IReadOnlyDictionary<string, byte[]> Of(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        Dictionary<string, byte[]> found = [];
        Collect(json.RootElement, "key file", found);
        return found;
    }

    private static void Collect(JsonElement element, string name, Dictionary<string, byte[]> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Collect(property.Value, $"{name} {property.Name}", found);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (at, item) in element.EnumerateArray().Index())
                {
                    Collect(item, $"{name} {at}", found);
                }

                break;
            case JsonValueKind.String when element.TryGetBytesFromBase64(out var bytes) && bytes.Length >= LeastKey:
                found[name] = bytes;
                break;
        }
    }
}
