using PracticPro.Sync.Streams;
using PracticPro.Vault;

namespace PracticPro.Sync.Calendars;

/// <summary>Calendar events as they are kept, and where they lie in the index by start.</summary>
internal static class EventMirror
{
    public const string ByStart = "by-start";

    public static readonly IMirror Instance = new RecordMirror<CalendarEvent>(SyncKinds.CalendarEvent);

    /// <summary>
    /// By start; null for an event that takes up no time: cancelled, a series' master, one without a start. A whole day starts at
    /// midnight UTC: whoever asks looks a day around.
    /// </summary>
    public static string? StartPlace(CalendarEvent item) =>
        item.Status == EventStatus.Cancelled || !item.Recurrence.IsEmpty || StartOf(item) is not { } start
            ? null
            : IndexText.Time(start);

    public static DateTimeOffset? StartOf(CalendarEvent item) => InstantOf(item.Start);

    public static DateTimeOffset? EndOf(CalendarEvent item) => InstantOf(item.End) ?? InstantOf(item.Start);

    private static DateTimeOffset? InstantOf(EventTime? time) =>
        time?.At ?? (time?.Day is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null);
}
