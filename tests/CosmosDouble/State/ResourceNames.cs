using System.Text;
using System.Text.Json.Nodes;

namespace PracticPro.CosmosDouble.State;

/// <summary>What the service accepts as an id. Source: Microsoft Learn, "Azure Cosmos DB service quotas", per-item limits.</summary>
internal static class ResourceNames
{
    private const int LongestBytes = 1023;

    /// <summary>What is wrong with the id, or null.</summary>
    public static string? Problem(JsonNode? id) =>
        id is JsonValue value && value.TryGetValue(out string? text) ? Problem(text) : "The required property 'id' is missing.";

    /// <summary>What is wrong with the id, or null.</summary>
    public static string? Problem(string id)
    {
        if (id.Length == 0)
        {
            return "The required property 'id' is empty.";
        }

        if (Encoding.UTF8.GetByteCount(id) > LongestBytes)
        {
            return "An id has at most 1023 bytes.";
        }

        return id.AsSpan().IndexOfAny("/\\?#") >= 0 || id[^1] == ' '
            ? "An id may not hold '/', '\\', '?' or '#', nor end with a space."
            : null;
    }
}
