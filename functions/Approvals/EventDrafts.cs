using System.Collections.Immutable;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>Turns what somebody wants into an event or a task that can be shown, or says that it cannot be one.</summary>
internal static class EventDrafts
{
    private const int LongestTitle = 250;
    private const int LongestText = 100_000;
    private const int LongestLocation = 500;
    private const int MostGuests = 50;
    private const int LongestPlace = 1_024;

    /// <param name="before">What is kept where the draft says nothing; null for a new event, which must say what it needs.</param>
    public static Outcome<EventContent> Write(EventDraft? draft, EventContent? before)
    {
        var title = (draft?.Title ?? before?.Title ?? "").Trim();
        var when = Trimmed(draft?.When ?? before?.When);
        var content = new EventContent(
            title,
            (draft?.Description ?? before?.Description ?? "").ReplaceLineEndings("\n").TrimEnd(),
            (draft?.Location ?? before?.Location ?? "").Trim(),
            when!,
            draft?.Guests is { } guests ? Named(guests, before) : before?.Guests ?? []);
        return draft is null || when is null || title.Length is 0 or > LongestTitle
            || content.Description.Length > LongestText || content.Location.Length > LongestLocation
            || content.Guests.Length > MostGuests
            || !MimeWriter.IsOneLine(title) || !MimeWriter.IsOneLine(content.Location)
            || !content.Guests.All(static guest => MimeWriter.IsOneLine(guest.Name))
                ? new ApprovalFailures.BadEvent()
                : content;
    }

    /// <summary>Whether it can name an event at a provider.</summary>
    public static bool IsPlace(EventPlace place) =>
        place.EventId.Length is > 0 and <= LongestPlace
        && place.Calendar.Length <= LongestPlace
        && place.EventId is not ("." or "..") && place.Calendar is not ("." or "..")
        && !place.EventId.Concat(place.Calendar).Any(static symbol => char.IsControl(symbol) || char.IsWhiteSpace(symbol));

    // A guest who is there already keeps the name beside the address.
    private static ImmutableArray<EventGuest> Named(ImmutableArray<EventGuest> guests, EventContent? before) =>
        [.. guests.Select(guest => guest.Name.Length > 0
            ? guest
            : before?.Guests.FirstOrDefault(known => known.Address == guest.Address) ?? guest)];

    // To the minute, and without a zone of its own: the zone stands beside it.
    private static EventSpan? Trimmed(EventSpan? when) => when is EventSpan.Timed timed
        ? timed with { Start = ToMinute(timed.Start), End = ToMinute(timed.End) }
        : when;

    private static DateTime ToMinute(DateTime time) =>
        DateTime.SpecifyKind(time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute)), DateTimeKind.Unspecified);
}

/// <inheritdoc cref="EventDrafts"/>
internal static class TaskDrafts
{
    private const int LongestTitle = 250;
    private const int LongestNotes = 100_000;

    public static Outcome<TaskContent> Write(TaskContent? draft)
    {
        var title = draft?.Title?.Trim() ?? "";
        var notes = (draft?.Notes ?? "").ReplaceLineEndings("\n").TrimEnd();
        return draft is null || title.Length is 0 or > LongestTitle || notes.Length > LongestNotes || !MimeWriter.IsOneLine(title)
            ? new ApprovalFailures.BadTask()
            : new TaskContent(title, draft.Due, notes);
    }
}
