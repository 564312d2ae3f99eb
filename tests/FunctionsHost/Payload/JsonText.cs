using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace PracticPro.FunctionsHost.Payload;

/// <summary>
/// JSON as the real host writes it. It reads and writes with Json.NET, which escapes little, prints numbers its own way,
/// and (where <see cref="Dates"/> says so) takes texts that look like ISO dates for dates and writes them anew.
/// </summary>
internal static class JsonText
{
    /// <summary>What happens to texts that look like dates.</summary>
    public enum Dates
    {
        Kept,
        Rewritten,
    }

    /// <summary>Compact JSON of a value.</summary>
    public static string Compact(JsonElement value, Dates dates)
    {
        var text = new StringBuilder();
        Write(text, value, dates, indent: null);
        return text.ToString();
    }

    /// <summary>JSON with line feeds and two spaces a level, as bodies and queue messages are written.</summary>
    public static string Indented(JsonElement value, Dates dates)
    {
        var text = new StringBuilder();
        Write(text, value, dates, indent: 0);
        return text.ToString();
    }

    /// <summary>A text as a JSON string.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2);
        WriteString(text, value);
        return text.ToString();
    }

    /// <summary>A number: whole ones keep their digits, others become doubles and always show a point or an exponent.</summary>
    public static string Number(string raw)
    {
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            return BigInteger.Parse(raw, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        var text = double.Parse(raw, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static void Write(StringBuilder text, JsonElement value, Dates dates, int? indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = Members(value);
                WriteAll(text, '{', '}', members.Count, indent, (at, deeper) =>
                {
                    WriteString(text, members[at].Key);
                    text.Append(indent is null ? ":" : ": ");
                    Write(text, members[at].Value, dates, deeper);
                });
                break;
            case JsonValueKind.Array:
                WriteAll(
                    text, '[', ']', value.GetArrayLength(), indent, (at, deeper) => Write(text, value[at], dates, deeper));
                break;
            case JsonValueKind.String:
                var content = value.GetString()!;
                WriteString(text, dates == Dates.Rewritten ? DateText.Rewritten(content) : content);
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetRawText()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteAll(
        StringBuilder text, char open, char close, int count, int? indent, Action<int, int?> writeOne)
    {
        text.Append(open);
        for (var at = 0; at < count; at++)
        {
            if (at > 0)
            {
                text.Append(',');
            }

            NewLine(text, indent + 1);
            writeOne(at, indent + 1);
        }

        if (count > 0)
        {
            NewLine(text, indent);
        }

        text.Append(close);
    }

    private static void NewLine(StringBuilder text, int? level)
    {
        if (level is { } levels)
        {
            text.Append('\n').Append(' ', 2 * levels);
        }
    }

    // A name given twice keeps its first place and its last value.
    private static List<KeyValuePair<string, JsonElement>> Members(JsonElement value)
    {
        var members = new List<KeyValuePair<string, JsonElement>>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (places.TryGetValue(member.Name, out var place))
            {
                members[place] = new(member.Name, member.Value);
                continue;
            }

            places[member.Name] = members.Count;
            members.Add(new(member.Name, member.Value));
        }

        return members;
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or '\u0085' or '\u2028' or '\u2029' =>
                    text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(letter),
            };
        }

        text.Append('"');
    }
}
