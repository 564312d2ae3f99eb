using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>calendarList.list: the account's calendars, on one page.</summary>
internal static class CalendarListMethods
{
    public static CalendarAnswer List(CalendarCall call)
    {
        IEnumerable<JsonNode> items = call.Calendars.Of(call.Calendar.Owner).Select(calendar => new JsonObject
        {
            ["kind"] = "calendar#calendarListEntry",
            ["id"] = calendar.Id,
            ["summary"] = calendar.Summary,
            ["timeZone"] = calendar.Zone,
            ["accessRole"] = "owner",
            ["primary"] = calendar.IsPrimary,
            ["selected"] = true,
            ["defaultReminders"] = new JsonArray(),
        });
        return new JsonObject
        {
            ["kind"] = "calendar#calendarList",
            ["items"] = new JsonArray([.. items]),
        };
    }
}
