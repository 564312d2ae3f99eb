using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Graph;
using PracticPro.Sandbox.Microsoft.Mail;

namespace PracticPro.Sandbox.Microsoft.Calendar;

/// <summary>Events as the API writes and reads them: times without an offset, beside them the name of a zone.</summary>
internal static class EventJson
{
    private static readonly string[] Writable =
    [
        "subject", "body", "location", "locations", "attendees", "showAs", "sensitivity", "isAllDay", "isReminderOn",
        "reminderMinutesBeforeStart", "categories", "importance", "isOnlineMeeting", "onlineMeetingProvider",
        "recurrence", "responseRequested", "allowNewTimeProposals", "hideAttendees", "start", "end", "transactionId",
        "originalStartTimeZone", "originalEndTimeZone", "singleValueExtendedProperties", "@odata.type",
    ];

    public static JsonObject Write(GraphCall call, OutlookEvent told) => Write(
        call, told, call.IdOf(told.Key), told.Type, told.Master ?? (told.Recurrence is null ? null : told),
        told.Start, told.End);

    /// <summary>In full, as a calendar view has it.</summary>
    public static JsonObject Write(GraphCall call, OutlookOccurrence told) => Write(
        call, told.Master, call.IdOf(told.Key), "occurrence", told.Master, told.Start, told.End);

    /// <summary>As a delta query has it: the master says the rest.</summary>
    public static JsonObject Brief(GraphCall call, OutlookOccurrence told) => new()
    {
        ["@odata.type"] = "#microsoft.graph.event",
        ["@odata.etag"] = told.Master.ETag,
        ["id"] = call.IdOf(told.Key),
        ["seriesMasterId"] = call.IdOf(told.Master.Key),
        ["type"] = "occurrence",
        ["start"] = Time(told.Start, call.Prefers.Zone),
        ["end"] = Time(told.End, call.Prefers.Zone),
    };

    /// <summary>The first member that cannot be set, or null.</summary>
    public static GraphError? Unknown(JsonObject body) =>
        body.Select(member => member.Key).FirstOrDefault(name => !Writable.Contains(name)) is string stranger
            ? GraphError.UnknownProperty(stranger)
            : null;

    /// <summary>What is no time.</summary>
    public static JsonObject Words(JsonObject body)
    {
        JsonObject words = body.DeepClone().AsObject();
        foreach (string name in (string[])["start", "end", "transactionId", "@odata.type"])
        {
            words.Remove(name);
        }

        return words;
    }

    /// <summary>A time and its zone; null when it cannot be read.</summary>
    public static (DateTimeOffset At, TimeZoneInfo Zone)? ReadTime(JsonNode? node)
    {
        string? zoneName = (string?)node?["timeZone"] ?? "UTC";
        return TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out TimeZoneInfo? zone)
            && DateTime.TryParse((string?)node?["dateTime"], CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime wall)
            ? (Recurrences.At(wall, zone), zone)
            : null;
    }

    private static JsonObject Time(DateTimeOffset at, TimeZoneInfo zone) => new()
    {
        ["dateTime"] = TimeZoneInfo.ConvertTime(at, zone).DateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        ["timeZone"] = zone.Id,
    };

    private static JsonObject Write(
        GraphCall call, OutlookEvent source, string id, string type, OutlookEvent? master, DateTimeOffset start,
        DateTimeOffset end)
    {
        var json = new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.event",
            ["@odata.etag"] = source.ETag,
            ["id"] = id,
            ["createdDateTime"] = OutlookMessageJson.Time(source.CreatedAt),
            ["lastModifiedDateTime"] = OutlookMessageJson.Time(source.ModifiedAt),
            ["changeKey"] = source.ChangeKey,
            ["transactionId"] = source.TransactionKey,
            ["iCalUId"] = source.ICalUid,
            ["hasAttachments"] = false,
            ["bodyPreview"] = (string?)source.Words["body"]?["content"] ?? "",
            ["subject"] = "",
            ["body"] = new JsonObject { ["contentType"] = "html", ["content"] = "" },
            ["importance"] = "normal",
            ["sensitivity"] = "normal",
            ["isAllDay"] = false,
            ["isCancelled"] = false,
            ["isOrganizer"] = true,
            ["showAs"] = "busy",
            ["isOnlineMeeting"] = false,
            ["attendees"] = new JsonArray(),
            ["location"] = new JsonObject { ["displayName"] = "" },
            ["organizer"] = OutlookMessageJson.Recipient(new Sandbox.Mail.MailAddress("", call.Account.Address)),
            ["responseStatus"] = new JsonObject { ["response"] = "organizer", ["time"] = "0001-01-01T00:00:00Z" },
            ["originalStartTimeZone"] = source.Zone.Id,
            ["originalEndTimeZone"] = source.Zone.Id,
            ["webLink"] = $"https://outlook.office365.com/owa/?itemid={Uri.EscapeDataString(id)}",
        };
        foreach ((string name, JsonNode? value) in source.Words)
        {
            json[name] = value?.DeepClone();
        }

        json["type"] = type;
        json["seriesMasterId"] = type is "occurrence" or "exception" ? call.IdOf(master!.Key) : null;
        json["recurrence"] = type == "seriesMaster" ? source.Recurrence?.DeepClone() : null;
        if (type == "exception")
        {
            json["originalStart"] = OutlookMessageJson.Time(source.OriginalStart);
        }

        json["start"] = Time(start, call.Prefers.Zone);
        json["end"] = Time(end, call.Prefers.Zone);
        return json;
    }
}
