using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// events.list: a complete listing by id, or, with a sync token, what changed since, in the order of change. Both end
/// on their last page with a token for what comes after the moment the first page was answered. No series is expanded.
/// </summary>
internal static class EventListing
{
    private static readonly TimeSpan ChangesKept = TimeSpan.FromDays(30);

    private static readonly string[] ForbiddenWithToken =
    [
        "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax",
        "updatedMin",
    ];

    public static CalendarAnswer List(CalendarCall call)
    {
        if (call.PageSize() is not int size)
        {
            return CalendarError.Invalid("Invalid value for maxResults.", "maxResults");
        }

        (ListingPlace? place, CalendarError? error) = PlaceOf(call);
        if (place is null)
        {
            return error!;
        }

        (EventFilter? filter, error) = EventFilter.Of(call);
        if (filter is null)
        {
            return error!;
        }

        if (filter.UpdatedMin is DateTimeOffset min && min < call.Calendar.Clock.GetUtcNow() - ChangesKept)
        {
            return CalendarError.UpdatedMinTooLongAgo();
        }

        return Page(call.Calendar, place, filter, size);
    }

    private static JsonObject Page(EventCalendar calendar, ListingPlace place, EventFilter filter, int size)
    {
        JsonObject json = Frame(calendar);
        if (place.EmptyLeft > 0)
        {
            json["items"] = new JsonArray();
            json["nextPageToken"] = (place with { EmptyLeft = place.EmptyLeft - 1 }).ToPageToken();
            return json;
        }

        StoredEvent[] page = [.. (place.Since is long since
                ? calendar.All.Where(kept => kept.Change > since && kept.Change <= place.Until)
                    .OrderBy(kept => kept.Change)
                    .SkipWhile(kept => place.After is not null
                        && kept.Change <= long.Parse(place.After, CultureInfo.InvariantCulture))
                : calendar.All.Where(filter.Takes)
                    .SkipWhile(kept => place.After is not null && string.CompareOrdinal(kept.Id, place.After) <= 0))
            .Take(size + 1)];
        json["items"] = new JsonArray([.. page.Take(size).Select(kept => EventJson.Write(calendar, kept))]);
        if (page.Length > size)
        {
            StoredEvent last = page[size - 1];
            string after = place.Since is null ? last.Id : last.Change.ToString(CultureInfo.InvariantCulture);
            json["nextPageToken"] = (place with { After = after }).ToPageToken();
        }
        else if (filter.IsSyncable)
        {
            json["nextSyncToken"] = place.ToSyncToken();
        }

        return json;
    }

    /// <summary>Where the listing stands, from the page token, the sync token, or the beginning.</summary>
    private static (ListingPlace? Place, CalendarError? Error) PlaceOf(CalendarCall call)
    {
        EventCalendar calendar = call.Calendar;
        string manner = EventFilter.MannerOf(call);
        string? token = call.Query("syncToken");
        if (token is not null)
        {
            if (Array.Find(ForbiddenWithToken, call.Has) is string forbidden)
            {
                return (null, CalendarError.Invalid(
                    $"Cannot request both sync token and {forbidden}.", forbidden));
            }

            if (call.Has("showDeleted") && !call.Flag("showDeleted"))
            {
                return (null, CalendarError.Invalid("showDeleted must be true with a sync token.", "showDeleted"));
            }
        }

        ListingPlace? start = token is null ? null : ListingPlace.FromSyncToken(token);
        if (token is not null && start is null)
        {
            return (null, CalendarError.Invalid("Invalid sync token value.", "syncToken"));
        }

        if (start is not null && start.Since < calendar.Oldest)
        {
            return (null, CalendarError.FullSyncRequired());
        }

        start = (start ?? new ListingPlace(null, 0, null, manner, 0)) with
        {
            Until = calendar.Current,
            EmptyLeft = calendar.EmptyPages,
        };
        ListingPlace? place = call.Query("pageToken") is { } page ? ListingPlace.FromPageToken(page) : start;
        if (place is null || place.Since != start.Since)
        {
            return (null, CalendarError.Invalid("Invalid page token value.", "pageToken"));
        }

        return place.Manner == manner
            ? (place, null)
            : (null, CalendarError.BadRequest("The parameters differ from those of the initial request."));
    }

    private static JsonObject Frame(EventCalendar calendar) => new()
    {
        ["kind"] = "calendar#events",
        ["etag"] = $"\"p{calendar.Current:D8}\"",
        ["summary"] = calendar.Summary,
        ["updated"] = EventJson.Stamp(calendar.Clock.GetUtcNow()),
        ["timeZone"] = calendar.Zone,
        ["accessRole"] = "owner",
        ["defaultReminders"] = new JsonArray(),
    };
}
