using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Calendar;

/// <summary>events.get, insert, patch, update, delete.</summary>
internal static partial class EventMethods
{
    private static readonly string[] Writable =
    [
        "summary", "description", "location", "colorId", "start", "end", "recurrence", "attendees", "transparency",
        "visibility", "status", "extendedProperties", "reminders", "guestsCanModify", "guestsCanInviteOthers",
        "guestsCanSeeOtherGuests", "source", "sequence", "conferenceData",
    ];

    public static CalendarAnswer Get(CalendarCall call)
    {
        if (call.Calendar.FindOrMake(call.Route("eventId")) is not StoredEvent kept)
        {
            return CalendarError.NotFound();
        }

        return call.Request.Headers.IfNoneMatch == kept.Etag
            ? CalendarAnswer.Unchanged
            : EventJson.Write(call.Calendar, kept);
    }

    public static CalendarAnswer Insert(CalendarCall call)
    {
        string? id = (string?)call.Body["id"];
        if (id is not null && !Id().IsMatch(id))
        {
            return CalendarError.Invalid("Invalid resource id value.");
        }

        JsonObject written = Narrowed(call.Body);
        if (Check(call, written) is CalendarError wrong)
        {
            return wrong;
        }

        if (id is not null && call.Calendar.Find(id) is not null)
        {
            return CalendarError.Duplicate();
        }

        id ??= CalendarIds.New(call.Calendar.Made);
        Conference.Answer(call, written, null);
        StoredEvent added = call.Calendar.Add(new StoredEvent(id, written, call.Calendar.Clock.GetUtcNow()));
        Tell(call, added, "insert");
        return EventJson.Write(call.Calendar, added);
    }

    /// <summary>Objects are merged, null takes a field away, a list replaces the whole list.</summary>
    public static CalendarAnswer Patch(CalendarCall call) =>
        Change(call, "patch", kept => Merged(kept.Written, Narrowed(call.Body)));

    /// <summary>What is not said is gone.</summary>
    public static CalendarAnswer Update(CalendarCall call) => Change(call, "update", _ => Narrowed(call.Body));

    public static CalendarAnswer Delete(CalendarCall call)
    {
        if (call.Calendar.FindOrMake(call.Route("eventId")) is not StoredEvent kept)
        {
            return CalendarError.NotFound();
        }

        if (kept.IsDeleted)
        {
            return CalendarError.Deleted();
        }

        if (call.Condition is string tag && tag != kept.Etag)
        {
            return CalendarError.ConditionNotMet();
        }

        File(call.Calendar, kept);
        call.Calendar.Delete(kept);
        Tell(call, kept, "delete");
        return CalendarAnswer.Nothing;
    }

    /// <summary>An occurrence that was as its series says becomes an exception with its first change.</summary>
    public static void File(EventCalendar calendar, StoredEvent kept)
    {
        if (calendar.Find(kept.Id) is null)
        {
            calendar.Add(kept, alwaysThere: true);
        }
    }

    public static JsonObject Merged(JsonObject before, JsonObject patch)
    {
        var merged = (JsonObject)before.DeepClone();
        foreach ((string name, JsonNode? value) in patch)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = value is JsonObject inner && merged[name] is JsonObject old
                    ? Merged(old, inner)
                    : value.DeepClone();
            }
        }

        return merged;
    }

    private static CalendarAnswer Change(CalendarCall call, string verb, Func<StoredEvent, JsonObject> write)
    {
        if (call.Calendar.FindOrMake(call.Route("eventId")) is not { IsDeleted: false } kept)
        {
            return CalendarError.NotFound();
        }

        if (call.Condition is string tag && tag != kept.Etag)
        {
            return CalendarError.ConditionNotMet();
        }

        JsonObject written = write(kept);
        // A start that changes from a moment to a day, or back, leaves the other field behind.
        foreach (string name in (string[])["start", "end"])
        {
            if (call.Body[name] is JsonObject given)
            {
                written[name] = given.DeepClone();
            }
        }

        if (Check(call, written) is CalendarError wrong)
        {
            return wrong;
        }

        Conference.Answer(call, written, kept.Written["conferenceData"]);
        File(call.Calendar, kept);
        if ((string?)written["status"] == "cancelled")
        {
            call.Calendar.Delete(kept);
        }
        else
        {
            call.Calendar.Rewrite(kept, written);
        }

        Tell(call, kept, verb);
        return EventJson.Write(call.Calendar, kept);
    }

    private static CalendarError? Check(CalendarCall call, JsonObject written)
    {
        if (EventTimes.Normalise(call.Calendar, written) is CalendarError wrong)
        {
            return wrong;
        }

        string? status = (string?)written["status"];
        if (status is not (null or "confirmed" or "tentative" or "cancelled"))
        {
            return CalendarError.Invalid("Invalid value for: status");
        }

        if (call.Query("sendUpdates") is not (null or "all" or "externalOnly" or "none"))
        {
            return CalendarError.Invalid("Invalid value for: sendUpdates", "sendUpdates");
        }

        foreach (JsonNode? guest in written["attendees"] as JsonArray ?? [])
        {
            if ((string?)guest?["email"] is not { Length: > 0 } mail || !mail.Contains('@'))
            {
                return CalendarError.Required("Missing attendee email.");
            }

            guest["responseStatus"] ??= "needsAction";
        }

        return null;
    }

    private static void Tell(CalendarCall call, StoredEvent kept, string verb)
    {
        if (kept.Written["attendees"] is JsonArray { Count: > 0 })
        {
            call.Calendar.GuestMails.Add(new GuestMail(kept.Id, verb, call.Query("sendUpdates") ?? "none"));
        }
    }

    private static JsonObject Narrowed(JsonObject body) =>
        new(body.Where(member => Writable.Contains(member.Key))
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    [GeneratedRegex("^[a-v0-9]{5,1024}$")]
    private static partial Regex Id();
}

/// <summary>Makes ids as Google does: 26 characters of base32hex.</summary>
internal static class CalendarIds
{
    private const string Alphabet = "abcdefghijklmnopqrstuv0123456789";

    public static string New(Seeded made) =>
        string.Create(26, made, static (text, chance) =>
        {
            foreach (ref char letter in text)
            {
                letter = Alphabet[chance.Below(Alphabet.Length)];
            }
        });
}
