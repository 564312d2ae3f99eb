using System.Globalization;
using System.Text;
using PracticPro.Kernel;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>Turns an event's JSON into a <see cref="CalendarEvent"/>. Pure; survives whatever people write into events.</summary>
internal static class EventReader
{
    private const int LongestLine = 1_000;
    private const int MostPeople = 500;
    private const int MostRules = 50;

    /// <summary>Null when a time in it cannot be read: an event at the wrong hour is worse than none.</summary>
    public static CalendarEvent? Read(ConnectionId connection, StreamName stream, CalendarShapes.Event shape)
    {
        if (!TryTime(shape.Start, out var start)
            || !TryTime(shape.End, out var end)
            || !TryTime(shape.OriginalStartTime, out var original))
        {
            return null;
        }

        return new CalendarEvent(
            connection,
            stream,
            shape.Id,
            shape.UniversalId ?? "",
            shape.Etag ?? "",
            shape.Status switch
            {
                "cancelled" => EventStatus.Cancelled,
                "tentative" => EventStatus.Tentative,
                _ => EventStatus.Confirmed,
            },
            Line(shape.Summary),
            Line(shape.Location),
            start,
            end,
            shape.Organizer is { } organiser ? Person(organiser) with { Answer = null } : null,
            [.. (shape.Attendees ?? []).Take(MostPeople).Select(Person)],
            [.. (shape.Recurrence ?? []).Take(MostRules)],
            shape.Series,
            original,
            shape.Transparency == "transparent",
            DateTimeOffset.TryParse(shape.Updated, CultureInfo.InvariantCulture, out var changed) ? changed : null);
    }

    /// <summary>False when there is a time that cannot be read; true with null when there is none.</summary>
    public static bool TryTime(CalendarShapes.Time? shape, out EventTime? time)
    {
        time = null;
        if (shape is null or { Date: null, DateTime: null })
        {
            return true;
        }

        if (shape.Date is { } day)
        {
            var isDay = DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
            time = isDay ? new EventTime(null, date, shape.TimeZone) : null;
            return isDay;
        }

        var isMoment = DateTimeOffset.TryParse(shape.DateTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
        time = isMoment ? new EventTime(at, null, shape.TimeZone) : null;
        return isMoment;
    }

    /// <summary>One line of text for people: no control characters, cut where nobody reads on.</summary>
    public static string Line(string? text)
    {
        var line = new StringBuilder();
        // By runes: half a surrogate pair becomes the replacement character, which every store can keep.
        foreach (var rune in (text ?? "").EnumerateRunes().Take(LongestLine))
        {
            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }

    private static EventPerson Person(CalendarShapes.Person person) => new(
        EmailAddress.TryParse(person.Email ?? "", out var address) ? address : null,
        Line(person.DisplayName),
        person.ResponseStatus switch
        {
            "declined" => "declined",
            "tentative" => "tentative",
            "accepted" => "accepted",
            _ => "needs-action",
        });
}
