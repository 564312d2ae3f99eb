using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// Which events a listing shows. Without showDeleted deleted events are left out, occurrences that were called off are
/// not. A series counts as going on for ever.
/// </summary>
internal sealed class EventFilter
{
    private DateTimeOffset? _timeMin;
    private DateTimeOffset? _timeMax;
    private string? _text;
    private string? _universalId;
    private string? _privateProperty;
    private bool _showDeleted;

    public DateTimeOffset? UpdatedMin { get; private set; }

    /// <summary>False for a narrowed listing, of which no sync token is given.</summary>
    public bool IsSyncable { get; private init; }

    /// <summary>The parameters a sync must repeat as they were, as one word.</summary>
    public static string MannerOf(CalendarCall call) =>
        $"{call.Flag("singleEvents")};{string.Join(',', call.Request.Query["eventTypes"].Order())};"
        + $"{call.Query("maxAttendees")};{call.Flag("showHiddenInvitations")};{call.Query("timeZone")}";

    public static (EventFilter? Filter, CalendarError? Error) Of(CalendarCall call)
    {
        if (call.Flag("singleEvents"))
        {
            return (null, CalendarError.Invalid("The sandbox does not expand series.", "singleEvents"));
        }

        if (call.Query("orderBy") is { } order && order != "updated")
        {
            return (null, CalendarError.BadRequest("The requested ordering is not available for this query."));
        }

        if (!call.Time("timeMin", out DateTimeOffset? min) || !call.Time("timeMax", out DateTimeOffset? max)
            || !call.Time("updatedMin", out DateTimeOffset? updated))
        {
            return (null, CalendarError.BadRequest("Bad Request"));
        }

        return (new EventFilter
        {
            _timeMin = min,
            _timeMax = max,
            UpdatedMin = updated,
            _text = call.Query("q"),
            _universalId = call.Query("iCalUID"),
            _privateProperty = call.Query("privateExtendedProperty"),
            _showDeleted = call.Flag("showDeleted") || updated is not null,
            IsSyncable = !new[] { "q", "iCalUID", "orderBy", "privateExtendedProperty", "sharedExtendedProperty" }
                .Any(call.Has) && updated is null,
        }, null);
    }

    public bool Takes(StoredEvent kept)
    {
        bool isShown = !kept.IsDeleted || _showDeleted || kept.SeriesId is not null;
        bool isInTime = (_timeMin is null || kept.IsRecurring || kept.End?.At > _timeMin)
            && (_timeMax is null || kept.Start?.At < _timeMax);
        return isShown && isInTime
            && (UpdatedMin is null || kept.UpdatedAt >= UpdatedMin)
            && (_universalId is null || kept.UniversalId == _universalId)
            && (_privateProperty is null || HasProperty(kept, _privateProperty))
            && (_text is null || Reads(kept, _text));
    }

    private static bool HasProperty(StoredEvent kept, string pair)
    {
        int cut = pair.IndexOf('=', StringComparison.Ordinal);
        return cut > 0
            && (string?)kept.Written["extendedProperties"]?["private"]?[pair[..cut]] == pair[(cut + 1)..];
    }

    private static bool Reads(StoredEvent kept, string text)
    {
        IEnumerable<string?> words = new[] { "summary", "description", "location" }
            .Select(name => (string?)kept.Written[name])
            .Concat((kept.Written["attendees"] as JsonArray ?? []).Select(guest => (string?)guest!["email"]));
        return words.Any(word => word?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);
    }
}
