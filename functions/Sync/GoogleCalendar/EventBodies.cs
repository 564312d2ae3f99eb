using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>Between an event as a person approves it and an event as Google spells it. Pure.</summary>
internal static class EventBodies
{
    /// <summary>A canonical body: equal events give equal bytes.</summary>
    /// <param name="key">The id it is to have; null for a change.</param>
    public static byte[] Of(EventContent content, string? key)
    {
        var isChange = key is null;
        var body = new JsonObject
        {
            ["summary"] = content.Title,
            ["description"] = content.Description,
            ["location"] = content.Location,
            ["attendees"] = new JsonArray([.. content.Guests.Select(Node)]),
        };
        (body["start"], body["end"]) = content.When switch
        {
            EventSpan.Timed timed => (Moment(timed.Start, timed.Zone, isChange), Moment(timed.End, timed.Zone, isChange)),
            // Google's last day is the first that is free again.
            EventSpan.AllDay days => (Day(days.First, isChange), Day(days.Last.AddDays(1), isChange)),
            _ => throw new InvalidOperationException("A span of no known kind."),
        };
        if (key is not null)
        {
            body["id"] = key;
        }

        return CanonicalBody.Of(body);
    }

    /// <summary>Null when its times cannot be read.</summary>
    public static EventSnapshot? Snapshot(CalendarShapes.Event shape) => SpanOf(shape) is { } when
        ? new EventSnapshot(
            new EventContent(
                shape.Summary ?? "",
                shape.Description ?? "",
                shape.Location ?? "",
                when,
                [.. (shape.Attendees ?? []).Where(static person => !person.Self).SelectMany(Guest)]),
            shape.Etag ?? "",
            shape.Recurrence is { Count: > 0 },
            shape.Organizer is { Self: true })
        : null;

    /// <summary>The id that a creation names.</summary>
    public static string? KeyIn(ReadOnlyMemory<byte> body) =>
        JsonNode.Parse(body.Span)?["id"] is JsonValue key && key.TryGetValue(out string? text) ? text : null;

    private static IEnumerable<EventGuest> Guest(CalendarShapes.Person person) =>
        EmailAddress.TryParse(person.Email ?? "", out var address)
            ? [new EventGuest(address, person.DisplayName ?? "")]
            : [];

    private static EventSpan? SpanOf(CalendarShapes.Event shape)
    {
        if (!EventReader.TryTime(shape.Start, out var start) || !EventReader.TryTime(shape.End, out var end))
        {
            return null;
        }

        return (start, end) switch
        {
            ({ Day: { } first }, { Day: { } free }) => new EventSpan.AllDay(first, free.AddDays(-1)),
            ({ At: { } from }, { At: { } to }) => Timed(from, to, start.Zone ?? "Etc/UTC"),
            _ => null,
        };
    }

    private static EventSpan.Timed? Timed(DateTimeOffset start, DateTimeOffset end, string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? new EventSpan.Timed(TimeZoneInfo.ConvertTime(start, zone).DateTime, TimeZoneInfo.ConvertTime(end, zone).DateTime, name)
            : null;

    private static JsonNode Node(EventGuest guest)
    {
        var node = new JsonObject { ["email"] = guest.Address.Text };
        if (guest.Name.Length > 0)
        {
            node["displayName"] = guest.Name;
        }

        return node;
    }

    // A change merges: a day that becomes a moment would keep the day, and be both.
    private static JsonObject Moment(DateTime at, string zone, bool isChange)
    {
        var time = new JsonObject
        {
            ["dateTime"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            ["timeZone"] = zone,
        };
        return isChange ? With(time, "date") : time;
    }

    private static JsonObject Day(DateOnly day, bool isChange)
    {
        var time = new JsonObject { ["date"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        return isChange ? With(With(time, "dateTime"), "timeZone") : time;
    }

    private static JsonObject With(JsonObject time, string absent)
    {
        time[absent] = null;
        return time;
    }
}
