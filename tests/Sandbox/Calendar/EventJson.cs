using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// Events as the API writes them. Of a deleted event only what Google guarantees: its id; of an occurrence that was
/// called off also which one it was.
/// </summary>
internal static class EventJson
{
    public static JsonObject Write(EventCalendar calendar, StoredEvent kept)
    {
        var json = new JsonObject
        {
            ["kind"] = "calendar#event",
            ["etag"] = kept.Etag,
            ["id"] = kept.Id,
            ["status"] = kept.IsDeleted ? "cancelled" : (string?)kept.Written["status"] ?? "confirmed",
        };
        if (kept.SeriesId is not null)
        {
            json["recurringEventId"] = kept.SeriesId;
            json["originalStartTime"] = kept.OriginalStart!.DeepClone();
        }

        if (kept.IsDeleted)
        {
            return json;
        }

        json["htmlLink"] = $"https://www.google.com/calendar/event?eid={kept.Id}";
        json["created"] = Stamp(kept.CreatedAt);
        json["updated"] = Stamp(kept.UpdatedAt);
        json["creator"] = new JsonObject { ["email"] = calendar.Owner, ["self"] = true };
        json["organizer"] = new JsonObject { ["email"] = calendar.Owner, ["self"] = true };
        json["iCalUID"] = kept.UniversalId;
        json["sequence"] = kept.Sequence;
        json["eventType"] = "default";
        json["reminders"] = new JsonObject { ["useDefault"] = true };
        foreach ((string name, JsonNode? value) in kept.Written)
        {
            json[name] = value?.DeepClone();
        }

        json["status"] = (string?)kept.Written["status"] ?? "confirmed";
        return json;
    }

    public static string Stamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
