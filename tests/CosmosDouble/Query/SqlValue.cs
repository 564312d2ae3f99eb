using System.Globalization;
using System.Text.Json;

namespace PracticPro.CosmosDouble.Query;

/// <summary>Kinds of value, in the order that ORDER BY puts them.</summary>
internal enum SqlKind
{
    Undefined,
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

/// <summary>
/// A value of the query language. Comparison is within a kind; text is compared by code point, which is the order of its
/// UTF-8 bytes. Source: Microsoft Learn, "Equality and comparison operators" and "ORDER BY clause" of the NoSQL query
/// language.
/// </summary>
internal readonly record struct SqlValue(SqlKind Kind, double Number, string? Text, JsonElement Element) : IComparable<SqlValue>
{
    public static SqlValue Undefined => default;

    public static SqlValue Of(bool value) => new(SqlKind.Boolean, value ? 1 : 0, null, default);

    public static SqlValue Of(double value) => new(SqlKind.Number, value, null, default);

    public static SqlValue Of(string value) => new(SqlKind.Text, 0, value, default);

    public static SqlValue Null => new(SqlKind.Null, 0, null, default);

    public static SqlValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => Null,
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Number => new(SqlKind.Number, element.GetDouble(), null, element),
        JsonValueKind.String => Of(element.GetString()!),
        JsonValueKind.Array => new(SqlKind.Array, 0, null, element),
        JsonValueKind.Object => new(SqlKind.Object, 0, null, element),
        _ => Undefined,
    };

    public bool IsTrue => Kind == SqlKind.Boolean && Number == 1;

    public bool IsFalse => Kind == SqlKind.Boolean && Number == 0;

    /// <summary>Undefined when either side is; otherwise true or false, false for different kinds.</summary>
    public SqlValue EqualTo(SqlValue other) =>
        Kind == SqlKind.Undefined || other.Kind == SqlKind.Undefined ? Undefined : Of(IsSame(other));

    public bool IsSame(SqlValue other) => Kind == other.Kind && Kind switch
    {
        SqlKind.Array or SqlKind.Object => JsonElement.DeepEquals(Element, other.Element),
        _ => CompareTo(other) == 0,
    };

    /// <summary>Total order over kinds; arrays and objects are equal to their kind.</summary>
    public int CompareTo(SqlValue other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : Kind switch
    {
        SqlKind.Boolean or SqlKind.Number => Number.CompareTo(other.Number),
        SqlKind.Text => CompareText(Text!, other.Text!),
        _ => 0,
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case SqlKind.Null:
                writer.WriteNullValue();
                break;
            case SqlKind.Boolean:
                writer.WriteBooleanValue(Number == 1);
                break;
            case SqlKind.Number when Element.ValueKind == JsonValueKind.Undefined:
                writer.WriteRawValue(Number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case SqlKind.Text:
                writer.WriteStringValue(Text);
                break;
            default:
                Element.WriteTo(writer);
                break;
        }
    }

    /// <summary>By code point. Ordinal comparison of UTF-16 puts what lies beyond U+FFFF before U+E000.</summary>
    private static int CompareText(string one, string other)
    {
        var shorter = Math.Min(one.Length, other.Length);
        for (var at = 0; at < shorter; at++)
        {
            if (one[at] != other[at])
            {
                return char.IsSurrogate(one[at]) == char.IsSurrogate(other[at])
                    ? one[at].CompareTo(other[at])
                    : char.IsSurrogate(one[at]) ? 1 : -1;
            }
        }

        return one.Length.CompareTo(other.Length);
    }
}
