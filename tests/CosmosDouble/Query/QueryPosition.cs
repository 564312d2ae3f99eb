using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.CosmosDouble.Query;

/// <summary>
/// Where a page of a query ended, so that the next goes on behind it whatever was written meanwhile: the last row's
/// order values and number. Base64 over JSON; good for the same query only.
/// </summary>
/// <param name="Query">Digest of the query and its parameters.</param>
/// <param name="Order">An array a value; empty for undefined.</param>
/// <param name="Skip">Rows of the OFFSET still to be left out.</param>
/// <param name="Taken">Rows given so far.</param>
internal sealed record QueryPosition(
    [property: JsonPropertyName("q")] string Query,
    [property: JsonPropertyName("n")] long Number,
    [property: JsonPropertyName("o")] IReadOnlyList<JsonElement> Order,
    [property: JsonPropertyName("s")] int Skip,
    [property: JsonPropertyName("t")] int Taken)
{
    [JsonIgnore]
    public IReadOnlyList<SqlValue> Values =>
        [.. Order.Select(value => value.GetArrayLength() == 0 ? SqlValue.Undefined : SqlValue.Of(value[0]))];

    public static IReadOnlyList<JsonElement> Wrap(IReadOnlyList<SqlValue> values) =>
        [.. values.Select(value => JsonSerializer.SerializeToElement(value.Kind switch
        {
            SqlKind.Undefined => Array.Empty<object?>(),
            SqlKind.Null => [null],
            SqlKind.Boolean => [value.IsTrue],
            SqlKind.Number => [value.Number],
            SqlKind.Text => [value.Text],
            _ => [value.Element],
        }))];

    /// <summary>Null for what is no position.</summary>
    public static QueryPosition? Parse(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<QueryPosition>(Convert.FromBase64String(token));
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            return null;
        }
    }

    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this)));
}
