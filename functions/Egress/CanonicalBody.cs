using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PracticPro.Egress;

/// <summary>
/// A JSON body with one spelling only (RFC 8785): members sorted by their UTF-16 code units, no blank, texts that escape only
/// what must be. Numbers are whole. Equal values give equal bytes, so that what was approved is what leaves.
/// </summary>
internal static class CanonicalBody
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">A number has a fraction, or a text holds half a surrogate pair.</exception>
    public static byte[] Of(JsonNode body)
    {
        var text = new StringBuilder();
        Write(body, text);
        return Strict.GetBytes(text.ToString());
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                text.Append('{');
                Join(members.OrderBy(static member => member.Key, StringComparer.Ordinal), text, static (member, text) =>
                {
                    Write(member.Key, text);
                    text.Append(':');
                    Write(member.Value, text);
                });
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                Join(items, text, static (item, text) => Write(item, text));
                text.Append(']');
                break;
            default:
                Write(node.AsValue(), text);
                break;
        }
    }

    private static void Write(JsonValue value, StringBuilder text)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                Write(value.GetValue<string>(), text);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                text.Append(value.GetValueKind() == JsonValueKind.True ? "true" : "false");
                break;
            case JsonValueKind.Number when long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var whole):
                text.Append(CultureInfo.InvariantCulture, $"{whole}");
                break;
            default:
                throw new ArgumentException("A canonical body holds whole numbers, texts, booleans and nothing else.");
        }
    }

    private static void Write(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var symbol in value)
        {
            _ = symbol switch
            {
                '"' or '\\' => text.Append('\\').Append(symbol),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)symbol:x4}"),
                _ => text.Append(symbol),
            };
        }

        text.Append('"');
    }

    private static void Join<T>(IEnumerable<T> items, StringBuilder text, Action<T, StringBuilder> write)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            write(item, text);
        }
    }
}
