using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// One customer, invoice or payment: its own fields, and around them what QuickBooks keeps about every entity. The sync
/// token counts changes; times are shown with the company's offset and without fractions.
/// </summary>
internal sealed class BookEntity(BookKind kind, long number, DateTimeOffset createdAt, JsonObject fields)
{
    public BookKind Kind => kind;

    public long Number => number;

    public string Id => number.ToString(CultureInfo.InvariantCulture);

    public JsonObject Fields => fields;

    public int SyncToken { get; private set; }

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    /// <summary>Only names of lists can be inactive; a transaction always counts as active.</summary>
    public bool IsActive => fields["Active"] is not JsonValue active || active.GetValue<bool>();

    public decimal Amount(string name) => AmountOf(fields[name]);

    public string? Reference(string name) => (string?)fields[name]?["value"];

    /// <summary>A number whatever made it; 0 when there is none.</summary>
    public static decimal AmountOf(JsonNode? node) =>
        node is null ? 0 : decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    public void Touch(DateTimeOffset now)
    {
        SyncToken++;
        UpdatedAt = now;
    }

    public JsonObject ToJson(TimeSpan offset)
    {
        JsonObject shown = fields.DeepClone().AsObject();
        shown["domain"] = "QBO";
        shown["sparse"] = false;
        shown[nameof(Id)] = Id;
        shown[nameof(SyncToken)] = SyncToken.ToString(CultureInfo.InvariantCulture);
        shown["MetaData"] = new JsonObject
        {
            ["CreateTime"] = BookTime.Seconds(CreatedAt, offset),
            ["LastUpdatedTime"] = BookTime.Seconds(UpdatedAt, offset),
        };
        return shown;
    }
}

/// <summary>A deleted entity: CDC tells of it, and nothing else ever does.</summary>
internal sealed record BookGrave(BookKind Kind, string Id, DateTimeOffset At);

/// <summary>Times as the API writes them: in the company's offset, never as Z.</summary>
internal static class BookTime
{
    public static string Seconds(DateTimeOffset time, TimeSpan offset) =>
        time.ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public static string Milliseconds(DateTimeOffset time, TimeSpan offset) =>
        time.ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
