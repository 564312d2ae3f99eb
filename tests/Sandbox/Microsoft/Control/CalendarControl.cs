using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Calendar;

namespace PracticPro.Sandbox.Microsoft.Control;

/// <summary>Changes a calendar as its owner does. Bodies are events as the API writes them.</summary>
internal static class CalendarControl
{
    public static void Map(RouteGroupBuilder account, MicrosoftWorld world)
    {
        account.MapPost("/events", (string address, JsonObject body) => MicrosoftControl.With(world, address, owner =>
            EventJson.ReadTime(body["start"]) is var (start, zone) && EventJson.ReadTime(body["end"]) is var (end, _)
                ? Key(owner.Calendar.Add(EventJson.Words(body), start, end, zone, null).Key)
                : null));
        account.MapPost("/events/{id}/change", (string address, string id, JsonObject body) =>
            MicrosoftControl.With(world, address, owner => Change(owner, id, body)));
        account.MapPost("/events/{id}/delete", (string address, string id) =>
            MicrosoftControl.With(world, address, owner => Delete(owner, id)));
    }

    private static object? Change(OutlookAccount owner, string id, JsonObject body)
    {
        if (owner.Calendar.Find(id) is OutlookEvent found)
        {
            owner.Calendar.Change(found, changed => EventMethods.Apply(changed, body));
            return Key(found.Key);
        }

        return owner.Calendar.FindOccurrence(id) is OutlookOccurrence occurrence
            ? Key(owner.Calendar.Except(occurrence, changed => EventMethods.Apply(changed, body)).Key)
            : null;
    }

    private static object? Delete(OutlookAccount owner, string id)
    {
        if (owner.Calendar.Find(id) is OutlookEvent found)
        {
            owner.Calendar.Delete(found);
            return Key(found.Key);
        }

        if (owner.Calendar.FindOccurrence(id) is not OutlookOccurrence occurrence)
        {
            return null;
        }

        owner.Calendar.CallOff(occurrence);
        return Key(occurrence.Key);
    }

    private static object Key(ItemKey key) => new { id = key.Rest, immutableId = key.Immutable };
}
