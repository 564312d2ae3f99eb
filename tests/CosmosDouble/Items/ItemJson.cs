using System.Text.Json;

namespace PracticPro.CosmosDouble.Items;

/// <summary>
/// JSON of items, as the service keeps it: numbers are IEEE 754 doubles, so that an integer beyond 2^53 comes back
/// rounded; at most 128 levels; no name twice.
/// </summary>
internal static class ItemJson
{
    private const double LargestWholeNumber = 9007199254740992;

    public static readonly JsonDocumentOptions Reading = new() { MaxDepth = 128, AllowDuplicateProperties = false };

    private static readonly string[] SystemNames = ["_rid", "_self", "_etag", "_attachments", "_ts"];

    /// <summary>The properties that the service sets on each write.</summary>
    internal sealed record Stamp(string Rid, string Self, string ETag, long Seconds);

    /// <summary>An object with an id, or null for anything else.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var root = JsonDocument.Parse(body, Reading).RootElement;
            return root.ValueKind == JsonValueKind.Object ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The item with the system properties at its end, whatever it said about them itself.</summary>
    public static byte[] Write(JsonElement item, Stamp stamp)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { MaxDepth = 128, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var property in item.EnumerateObject().Where(property => !SystemNames.Contains(property.Name)))
            {
                writer.WritePropertyName(property.Name);
                Copy(property.Value, writer);
            }

            writer.WriteString("_rid", stamp.Rid);
            writer.WriteString("_self", stamp.Self);
            writer.WriteString("_etag", stamp.ETag);
            writer.WriteString("_attachments", "attachments/");
            writer.WriteNumber("_ts", stamp.Seconds);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Copy(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Copy(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Copy(element, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when Math.Abs(value.GetDouble()) >= LargestWholeNumber:
                writer.WriteNumberValue(value.GetDouble());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
