using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.Calendar;

/// <summary>One method of the API: where it is, which scopes open it, what it does. Every call costs one.</summary>
internal sealed record CalendarMethod(
    string Name, string Verb, string Path, string[] Scopes, Func<CalendarCall, CalendarAnswer> Run);

/// <summary>The contents page of Calendar v3. Source: discovery document.</summary>
internal static class CalendarMethods
{
    private const string Events = "calendars/{calendarId}/events";

    public static readonly IReadOnlyList<CalendarMethod> All =
    [
        new("CalendarList.List", "GET", "users/me/calendarList", CalendarScopes.ReadList, CalendarListMethods.List),
        new("Events.List", "GET", Events, CalendarScopes.ReadEvents, EventListing.List),
        new("Events.Get", "GET", Events + "/{eventId}", CalendarScopes.ReadEvents, EventMethods.Get),
        new("Events.Insert", "POST", Events, CalendarScopes.WriteEvents, EventMethods.Insert),
        new("Events.Patch", "PATCH", Events + "/{eventId}", CalendarScopes.WriteEvents, EventMethods.Patch),
        new("Events.Update", "PUT", Events + "/{eventId}", CalendarScopes.WriteEvents, EventMethods.Update),
        new("Events.Delete", "DELETE", Events + "/{eventId}", CalendarScopes.WriteEvents, EventMethods.Delete),
        new("Events.Watch", "POST", Events + "/watch", CalendarScopes.ReadEvents, ChannelMethods.Watch),
        new("Channels.Stop", "POST", "channels/stop", CalendarScopes.ReadEvents, ChannelMethods.Stop),
    ];
}

/// <summary>
/// Takes a request through the gates in Google's order: token, scope, quota, calendar, body. Then runs the method under
/// the calendar's lock and writes the answer.
/// </summary>
internal static class CalendarEndpoints
{
    private const string Root = "/calendar/v3/";

    private const string Realm = "Bearer realm=\"https://accounts.google.com/\"";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static void MapCalendar(this IEndpointRouteBuilder routes, World world)
    {
        foreach (CalendarMethod method in CalendarMethods.All)
        {
            routes.MapMethods(Root + method.Path, [method.Verb], context => Handle(world, method, context));
        }
    }

    private static async Task Handle(World world, CalendarMethod method, HttpContext context)
    {
        CalendarAnswer answer = await Pass(world, method, context);
        if (method.Run == ChannelMethods.Watch && world.Channels.SyncFirst)
        {
            await world.Channels.DrainAsync();
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Error is { RefusedMethod: not null })
        {
            context.Response.Headers.WWWAuthenticate =
                $"{Realm}, error=\"insufficient_scope\", scope=\"{string.Join(' ', method.Scopes)}\"";
        }
        else if (answer.Error is { Code: 401 })
        {
            context.Response.Headers.WWWAuthenticate = $"{Realm}, error=\"invalid_token\"";
        }
        else if ((string?)answer.Body?["etag"] is { } etag)
        {
            context.Response.Headers.ETag = etag;
        }

        if ((answer.Error?.ToJson() ?? answer.Body) is JsonObject body)
        {
            context.Response.ContentType = "application/json; charset=UTF-8";
            await context.Response.Body.WriteAsync(Answers.Bytes(body), context.RequestAborted);
        }
    }

    private static async Task<CalendarAnswer> Pass(World world, CalendarMethod method, HttpContext context)
    {
        (EventCalendar? calendar, CalendarError? refusal) = Admit(world, method, context);
        if (calendar is null)
        {
            return refusal!;
        }

        string? fields = context.Request.Query["fields"].FirstOrDefault();
        FieldMask? mask = string.IsNullOrEmpty(fields) ? null : FieldMask.Parse(fields);
        if (mask is null && !string.IsNullOrEmpty(fields))
        {
            return CalendarError.Invalid("Invalid field selection " + fields, "fields");
        }

        if (await ReadBody(context) is not JsonObject body)
        {
            return CalendarError.BadRequest("Parse Error");
        }

        CalendarAnswer answer;
        lock (calendar.Gate)
        {
            answer = method.Run(new CalendarCall(calendar, world.Calendars, world.Channels, context.Request, body));
        }

        return answer.Body is not null && mask is not null ? mask.Apply(answer.Body) : answer;
    }

    private static (EventCalendar? Calendar, CalendarError? Refusal) Admit(
        World world, CalendarMethod method, HttpContext context)
    {
        if (world.Grants.Check(Bearer.Of(context.Request)) is not AccessToken access)
        {
            return (null, CalendarError.Unauthenticated());
        }

        if (!method.Scopes.Any(access.Scopes.Contains))
        {
            return (null, CalendarError.MissingScope("calendar.v3." + method.Name));
        }

        if (world.CalendarQuota.Spend(access.Account, 1) is not null)
        {
            return (null, CalendarError.RateLimit(world.CalendarQuotaCode));
        }

        string id = context.Request.RouteValues["calendarId"] as string ?? "primary";
        return world.Calendars.Find(access.Account, id) is EventCalendar calendar
            ? (calendar, null)
            : (null, CalendarError.NotFound());
    }

    /// <summary>No body counts as an empty object; null is no object at all.</summary>
    private static async Task<JsonObject?> ReadBody(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        try
        {
            return buffer.Length == 0
                ? []
                : JsonNode.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), null, Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
