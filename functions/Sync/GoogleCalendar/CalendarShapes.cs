using System.Text.Json.Serialization;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>
/// Calendar's JSON, as far as it is read here. Source: Calendar API v3 discovery document. What only an approval shows, the
/// description, is read there and by no shape of the sync.
/// </summary>
internal static class CalendarShapes
{
    public sealed record EventList(
        IReadOnlyList<Event>? Items,
        [property: JsonPropertyName("nextPageToken")] string? NextPage,
        [property: JsonPropertyName("nextSyncToken")] string? NextPoint,
        string? Summary);

    public sealed record Event(
        [property: JsonRequired] string Id,
        string? Etag,
        string? Status,
        string? Summary,
        string? Description,
        string? Location,
        Time? Start,
        Time? End,
        Person? Creator,
        Person? Organizer,
        IReadOnlyList<Person>? Attendees,
        IReadOnlyList<string>? Recurrence,
        [property: JsonPropertyName("recurringEventId")] string? Series,
        Time? OriginalStartTime,
        [property: JsonPropertyName("iCalUID")] string? UniversalId,
        string? Transparency,
        string? Updated)
    {
        public bool IsCancelled => Status == "cancelled";
    }

    /// <summary>One of the two: a day, or a moment with its offset.</summary>
    public sealed record Time(string? Date, string? DateTime, string? TimeZone);

    public sealed record Person(
        string? Email, string? DisplayName, string? ResponseStatus, bool Self = false, bool Organizer = false);

    public sealed record Channel(
        [property: JsonRequired] string Id,
        [property: JsonRequired, JsonPropertyName("resourceId")] string Resource,
        [property: JsonRequired] string Expiration);
}
