using System.Text;
using System.Text.Json;

namespace PracticPro.CosmosDouble.Partitions;

/// <summary>
/// A partition key as a header or an item gives it: an array of one to three values, each a string, a number, a Boolean,
/// null, or <c>{}</c> for "the item has no such property". Fewer values than the container has paths make a prefix.
/// </summary>
/// <param name="Text">The array as JSON without white space: equal keys have equal text.</param>
internal sealed record PartitionKeyValue(string Text)
{
    /// <summary>Largest key, in bytes of UTF-8, of a container with version 2 of the definition.</summary>
    public const int LargestBytes = 2048;

    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>The values one by one.</summary>
    public IReadOnlyList<JsonElement> Components { get; private init; } = [];

    /// <summary>Reads the header; null for what is no partition key.</summary>
    public static PartitionKeyValue? Parse(string header)
    {
        try
        {
            using var parsed = JsonDocument.Parse(header);
            return parsed.RootElement.ValueKind == JsonValueKind.Array && parsed.RootElement.EnumerateArray().All(IsScalar)
                ? Of([.. parsed.RootElement.EnumerateArray().Select(value => value.Clone())])
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The key of an item; null when a property under a path is an object or an array.</summary>
    /// <param name="paths">As the container declares them: <c>/tenant</c>, <c>/a/b</c>.</param>
    public static PartitionKeyValue? OfItem(JsonElement item, IReadOnlyList<string> paths)
    {
        var values = paths.Select(path => Find(item, path)).ToList();
        return values.All(IsScalar) ? Of(values) : null;
    }

    /// <summary>Whether this key, complete or the beginning of one, holds that key.</summary>
    public bool Holds(PartitionKeyValue other) =>
        other.Text == Text || other.Text.StartsWith($"{Text[..^1]},", StringComparison.Ordinal);

    public int ByteCount => Encoding.UTF8.GetByteCount(Text) - 2;

    public bool Equals(PartitionKeyValue? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static PartitionKeyValue Of(IReadOnlyList<JsonElement> values) =>
        new($"[{string.Join(',', values.Select(Canonical))}]") { Components = values };

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        JsonValueKind.Number => JsonSerializer.Serialize(value.GetDouble()),
        _ => value.GetRawText().Trim(),
    };

    private static bool IsScalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => false,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => true,
    };

    private static JsonElement Find(JsonElement item, string path)
    {
        var at = item;
        foreach (var step in path.Trim('/').Split('/'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return Nothing;
            }
        }

        return at;
    }
}
