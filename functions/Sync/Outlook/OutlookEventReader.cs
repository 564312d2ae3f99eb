using System.Globalization;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using Attendee = Microsoft.Graph.Models.Attendee;
using DateTimeTimeZone = Microsoft.Graph.Models.DateTimeTimeZone;
using Event = Microsoft.Graph.Models.Event;
using FreeBusyStatus = Microsoft.Graph.Models.FreeBusyStatus;
using Recipient = Microsoft.Graph.Models.Recipient;
using ResponseType = Microsoft.Graph.Models.ResponseType;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Turns Graph's event into a <see cref="CalendarEvent"/>. Pure. The description, which Graph sends along whatever is asked,
/// is not looked at.
/// </summary>
internal static class OutlookEventReader
{
    private const int MostPeople = 500;

    /// <summary>Null when a time in it cannot be read: an event at the wrong hour is worse than none.</summary>
    public static CalendarEvent? Read(ConnectionId connection, StreamName stream, GraphItem<Event> item)
    {
        var told = item.Value;
        if (TimeOf(told.Start, told) is not { } start || TimeOf(told.End, told) is not { } end)
        {
            return null;
        }

        return new CalendarEvent(
            connection,
            stream,
            item.Id,
            told.ICalUId ?? "",
            item.ETag,
            told.IsCancelled == true ? EventStatus.Cancelled
                : told.ShowAs == FreeBusyStatus.Tentative ? EventStatus.Tentative
                : EventStatus.Confirmed,
            HeaderText.Decode(told.Subject),
            HeaderText.Decode(told.Location?.DisplayName),
            start,
            end,
            told.Organizer is { } organiser ? Person(organiser, null) : null,
            [.. (told.Attendees ?? []).Take(MostPeople).Select(static person => Person(person, AnswerOf(person)))],
            told.Recurrence is { } recurrence ? RecurrenceLines.Of(recurrence) : [],
            told.SeriesMasterId,
            told.OriginalStart is { } original ? new EventTime(original, null, Zone(told.OriginalStartTimeZone)) : null,
            told.ShowAs == FreeBusyStatus.Free,
            told.LastModifiedDateTime);
    }

    /// <summary>An occurrence of which only the times are told: for the rest it is its series.</summary>
    public static CalendarEvent? Occurrence(CalendarEvent master, GraphItem<Event> item) =>
        TimeOf(item.Value.Start, item.Value, master.Start) is { } start && TimeOf(item.Value.End, item.Value, master.End) is { } end
            ? master with
            {
                SourceId = item.Id,
                Version = item.ETag.Length > 0 ? item.ETag : master.Version,
                Start = start,
                End = end,
                Recurrence = [],
                SeriesId = master.SourceId,
                OriginalStart = start,
            }
            : null;

    /// <summary>IANA name of a zone; null where there is none.</summary>
    public static string? Zone(string? name) =>
        string.IsNullOrEmpty(name) ? null
        : TimeZoneInfo.TryConvertWindowsIdToIanaId(name, out var iana) ? iana
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId ? zone.Id
        : null;

    /// <summary>A time without an offset, in UTC: no other zone is asked for.</summary>
    public static DateTimeOffset? Instant(DateTimeTimeZone? time) =>
        time is { TimeZone: "UTC" or "Etc/UTC" or "tzone://Microsoft/Utc", DateTime: { } text }
        && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? new DateTimeOffset(moment, TimeSpan.Zero)
            : null;

    private static EventTime? TimeOf(DateTimeTimeZone? time, Event told, EventTime? like = null)
    {
        if (Instant(time) is not { } moment)
        {
            return null;
        }

        if (told.IsAllDay == true || like?.Day is not null)
        {
            return new EventTime(null, DateOnly.FromDateTime(moment.UtcDateTime), null);
        }

        var name = Zone(told.OriginalStartTimeZone) ?? like?.Zone;
        return name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? new EventTime(TimeZoneInfo.ConvertTime(moment, zone), null, name)
            : new EventTime(moment, null, null);
    }

    private static EventPerson Person(Recipient person, string? answer) => new(
        Kernel.EmailAddress.TryParse(person.EmailAddress?.Address?.Trim() ?? "", out var address) ? address : null,
        HeaderText.Decode(person.EmailAddress?.Name),
        answer);

    private static string AnswerOf(Attendee person) => person.Status?.Response switch
    {
        ResponseType.Declined => "declined",
        ResponseType.TentativelyAccepted => "tentative",
        ResponseType.Accepted or ResponseType.Organizer => "accepted",
        _ => "needs-action",
    };
}
