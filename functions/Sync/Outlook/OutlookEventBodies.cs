using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Sync.Published;
using Attendee = Microsoft.Graph.Models.Attendee;
using Event = Microsoft.Graph.Models.Event;
using EventType = Microsoft.Graph.Models.EventType;

namespace PracticPro.Sync.Outlook;

/// <summary>Between an event as a person approves it and an event as Graph spells it. Pure.</summary>
internal static class OutlookEventBodies
{
    /// <summary>A canonical body: equal events give equal bytes.</summary>
    /// <param name="transaction">Mark under which Graph makes it once; null for a change.</param>
    public static byte[] Of(EventContent content, string? transaction)
    {
        var body = new JsonObject
        {
            ["subject"] = content.Title,
            ["body"] = new JsonObject { ["contentType"] = "text", ["content"] = content.Description },
            ["location"] = new JsonObject { ["displayName"] = content.Location },
            ["attendees"] = new JsonArray([.. content.Guests.Select(Node)]),
            ["isAllDay"] = content.When is EventSpan.AllDay,
        };
        (body["start"], body["end"]) = content.When switch
        {
            EventSpan.Timed timed => (Moment(timed.Start, timed.Zone), Moment(timed.End, timed.Zone)),
            // Graph's last day is the first that is free again.
            EventSpan.AllDay days => (Day(days.First), Day(days.Last.AddDays(1))),
            _ => throw new InvalidOperationException("A span of no known kind."),
        };
        if (transaction is not null)
        {
            body["transactionId"] = transaction;
        }

        return CanonicalBody.Of(body);
    }

    /// <summary>Null when its times cannot be read.</summary>
    public static EventSnapshot? Snapshot(GraphItem<Event> item) => SpanOf(item.Value) is { } when
        ? new EventSnapshot(
            new EventContent(
                item.Value.Subject ?? "",
                item.Value.Body?.Content ?? "",
                item.Value.Location?.DisplayName ?? "",
                when,
                [.. (item.Value.Attendees ?? []).Where(person => !IsOrganiser(item.Value, person)).SelectMany(Guest)]),
            item.ETag,
            item.Value.Type == EventType.SeriesMaster || item.Value.Recurrence is not null,
            item.Value.IsOrganizer == true)
        : null;

    private static bool IsOrganiser(Event told, Attendee person) =>
        string.Equals(told.Organizer?.EmailAddress?.Address, person.EmailAddress?.Address, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<EventGuest> Guest(Attendee person) =>
        Kernel.EmailAddress.TryParse(person.EmailAddress?.Address ?? "", out var address)
            ? [new EventGuest(address, person.EmailAddress?.Name ?? "")]
            : [];

    private static EventSpan? SpanOf(Event told)
    {
        if (OutlookEventReader.Instant(told.Start) is not { } start || OutlookEventReader.Instant(told.End) is not { } end)
        {
            return null;
        }

        if (told.IsAllDay == true)
        {
            return new EventSpan.AllDay(DateOnly.FromDateTime(start.UtcDateTime), DateOnly.FromDateTime(end.UtcDateTime).AddDays(-1));
        }

        var name = OutlookEventReader.Zone(told.OriginalStartTimeZone) ?? "Etc/UTC";
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? new EventSpan.Timed(TimeZoneInfo.ConvertTime(start, zone).DateTime, TimeZoneInfo.ConvertTime(end, zone).DateTime, name)
            : null;
    }

    private static JsonNode Node(EventGuest guest) => new JsonObject
    {
        ["emailAddress"] = new JsonObject
        {
            ["address"] = guest.Address.Text,
            ["name"] = guest.Name.Length > 0 ? guest.Name : guest.Address.Text,
        },
        ["type"] = "required",
    };

    private static JsonObject Moment(DateTime at, string zone) => new()
    {
        ["dateTime"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        ["timeZone"] = zone,
    };

    private static JsonObject Day(DateOnly day) => Moment(day.ToDateTime(TimeOnly.MinValue), "UTC");
}
