using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Calendars;

internal enum EventStatus
{
    Confirmed,
    Tentative,
    Cancelled,
}

/// <summary>
/// An event as the practice's calendar has it, whichever provider keeps it. Its description is not here: people write
/// whole letters into it, and nothing needs it.
/// </summary>
/// <param name="UniversalId">The iCalendar UID (RFC 5545, 3.8.4.7); equal in every copy of an event.</param>
/// <param name="Version">The provider's ETag, for a guarded change.</param>
/// <param name="Recurrence">RRULE, EXDATE and RDATE lines of a series' master; empty otherwise.</param>
/// <param name="SeriesId">Provider's id of the master this is an occurrence of; null otherwise.</param>
/// <param name="OriginalStart">When the occurrence would have been by the series' rule.</param>
/// <param name="ChangedAt">When the provider says it last changed.</param>
internal sealed record CalendarEvent(
    ConnectionId Connection,
    StreamName Stream,
    string SourceId,
    string UniversalId,
    string Version,
    EventStatus Status,
    string Summary,
    string Location,
    EventTime? Start,
    EventTime? End,
    EventPerson? Organiser,
    ImmutableArray<EventPerson> Attendees,
    ImmutableArray<string> Recurrence,
    string? SeriesId,
    EventTime? OriginalStart,
    bool Free,
    DateTimeOffset? ChangedAt,
    int Generation = 0) : MirroredItem(Connection, Stream, SourceId, Generation)
{
    public bool Equals(CalendarEvent? other) =>
        other is not null
        && (Connection, Stream, SourceId, UniversalId, Version, Status, Summary, Location)
            == (other.Connection, other.Stream, other.SourceId, other.UniversalId, other.Version, other.Status, other.Summary, other.Location)
        && (Start, End, Organiser, SeriesId, OriginalStart, Free, ChangedAt, Generation)
            == (other.Start, other.End, other.Organiser, other.SeriesId, other.OriginalStart, other.Free, other.ChangedAt, other.Generation)
        && Attendees.SequenceEqual(other.Attendees)
        && Recurrence.SequenceEqual(other.Recurrence);

    public override int GetHashCode() => HashCode.Combine(Connection, SourceId, Version, Generation);
}

/// <summary>A moment in a zone, or a whole day.</summary>
/// <param name="At">The moment, with the offset it has there; null for a whole day.</param>
/// <param name="Day">The day; null for a moment. The end of whole days is exclusive.</param>
/// <param name="Zone">IANA name of the zone, where the provider told it.</param>
internal sealed record EventTime(DateTimeOffset? At, DateOnly? Day, string? Zone);

/// <param name="Answer">needs-action, declined, tentative or accepted; null for an organiser.</param>
internal sealed record EventPerson(EmailAddress? Address, string Name, string? Answer);
