using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// Starts and ends of events. On the wire a moment stands with the offset the calendar's zone has then, beside the name
/// of the event's own zone; a whole day is a date alone.
/// </summary>
internal static class EventTimes
{
    public static JsonObject Write(EventCalendar calendar, DateTimeOffset at, bool isDay, string zone)
    {
        if (isDay)
        {
            return new JsonObject { ["date"] = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        }

        DateTimeOffset local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(calendar.Zone));
        return new JsonObject
        {
            ["dateTime"] = local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            ["timeZone"] = zone,
        };
    }

    /// <summary>A wall-clock time in a zone as a moment. In the hour that is skipped the later one.</summary>
    public static DateTimeOffset Moment(DateTime wall, string zone)
    {
        TimeZoneInfo place = TimeZoneInfo.FindSystemTimeZoneById(zone);
        DateTime there = place.IsInvalidTime(wall) ? wall.AddHours(1) : wall;
        return new DateTimeOffset(there, place.GetUtcOffset(there));
    }

    /// <summary>
    /// Checks and normalises what a client wrote into start and end; the error, or null.
    /// </summary>
    public static CalendarError? Normalise(EventCalendar calendar, JsonObject written)
    {
        foreach (string name in (string[])["start", "end"])
        {
            if (written[name] is not JsonObject given)
            {
                return CalendarError.Required($"Missing {name} time.");
            }

            (JsonObject? time, CalendarError? wrong) = One(calendar, name, given, written["recurrence"] is JsonArray);
            if (time is null)
            {
                return wrong;
            }

            written[name] = time;
        }

        EventInstant start = EventInstant.Of(written["start"])!.Value;
        EventInstant end = EventInstant.Of(written["end"])!.Value;
        if (start.IsDay != end.IsDay)
        {
            return CalendarError.Invalid("Start and end times must either both be date or both be dateTime.");
        }

        return end.At < start.At || (start.IsDay && end.At == start.At) ? CalendarError.TimeRangeEmpty() : null;
    }

    private static (JsonObject? Time, CalendarError? Error) One(
        EventCalendar calendar, string name, JsonObject given, bool isRecurring)
    {
        string? day = (string?)given["date"];
        string? moment = (string?)given["dateTime"];
        string? zone = (string?)given["timeZone"];
        if ((day is null) == (moment is null))
        {
            return (null, CalendarError.Invalid($"Invalid {name} time."));
        }

        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            return (null, CalendarError.Invalid("Invalid time zone definition for start or end time."));
        }

        if (day is not null)
        {
            return EventInstant.Of(given) is EventInstant whole
                ? (Write(calendar, whole.At, true, calendar.Zone), null)
                : (null, CalendarError.Invalid($"Invalid value for: Invalid format: \"{day}\""));
        }

        if (isRecurring && zone is null)
        {
            return (null, CalendarError.Required("Missing time zone definition for start time."));
        }

        return Moment(moment!, zone) is DateTimeOffset at
            ? (Write(calendar, at, false, zone ?? calendar.Zone), null)
            : (null, CalendarError.Invalid($"Invalid value for: Invalid format: \"{moment}\""));
    }

    /// <summary>RFC 3339 with an offset, or without one beside a zone.</summary>
    private static DateTimeOffset? Moment(string text, string? zone)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        bool hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text.Contains('T'));
        if (hasOffset)
        {
            return DateTimeOffset.TryParse(text, plain, out DateTimeOffset at) ? at : null;
        }

        return zone is not null && DateTime.TryParse(text, plain, out DateTime wall) ? Moment(wall, zone) : null;
    }
}
