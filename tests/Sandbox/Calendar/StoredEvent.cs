using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// One event of one calendar: what its owner wrote, and what the server adds. An exception of a series is an event of
/// its own, named after the series and its original start. A deleted event stays as a mark: its id is never free again.
/// </summary>
internal sealed class StoredEvent(string id, JsonObject written, DateTimeOffset createdAt)
{
    private const long FirstTag = 3_400_000_000_000_000;

    public string Id => id;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>The writable fields, times normalised. Replaced as a whole by each change.</summary>
    public JsonObject Written { get; set; } = written;

    /// <summary>Its place in the calendar's changes; every change moves it to the end.</summary>
    public long Change { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Sequence { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>The series this is an exception of.</summary>
    public string? SeriesId { get; init; }

    public JsonObject? OriginalStart { get; init; }

    public string UniversalId { get; init; } = id + "@google.com";

    public bool IsRecurring => Written["recurrence"] is JsonArray { Count: > 0 };

    public string Etag => string.Create(CultureInfo.InvariantCulture, $"\"{FirstTag + (Change * 2_000)}\"");

    public EventInstant? Start => EventInstant.Of(Written["start"]);

    public EventInstant? End => EventInstant.Of(Written["end"]);
}

/// <summary>An event's start or end as a moment, for comparing: whole days begin at midnight UTC.</summary>
internal readonly record struct EventInstant(DateTimeOffset At, bool IsDay)
{
    public static EventInstant? Of(JsonNode? time)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        const DateTimeStyles asUtc = DateTimeStyles.AssumeUniversal;
        return time switch
        {
            JsonObject timed when (string?)timed["dateTime"] is { } text
                && DateTimeOffset.TryParse(text, plain, asUtc, out DateTimeOffset at) => new EventInstant(at, false),
            JsonObject day when (string?)day["date"] is { } text
                && DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", plain, asUtc, out DateTimeOffset at) =>
                new EventInstant(at, true),
            _ => null,
        };
    }

    /// <summary>What Google puts behind a series' id to name one occurrence.</summary>
    public string Suffix =>
        At.UtcDateTime.ToString(IsDay ? "yyyyMMdd" : "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
