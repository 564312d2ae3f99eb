using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// One error as Calendar v3 writes it: without the status word of the newer APIs, with the domain "calendar" where the
/// calendar itself refuses. Source: guide "Handle API errors".
/// </summary>
internal sealed record CalendarError(int Code, string Reason, string Message)
{
    public string Domain { get; init; } = "global";

    /// <summary>What is at fault: a parameter's or a header's name.</summary>
    public string? Location { get; init; }

    public string LocationType { get; init; } = "parameter";

    /// <summary>Set for a missing scope: the API method that was refused.</summary>
    public string? RefusedMethod { get; init; }

    public static CalendarError Unauthenticated() => new(401, "authError", "Invalid Credentials")
    {
        Location = "Authorization",
        LocationType = "header",
    };

    public static CalendarError MissingScope(string method) =>
        new(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
        {
            RefusedMethod = method,
        };

    /// <summary>Both forms are seen: 403 and 429, the same reason.</summary>
    public static CalendarError RateLimit(int code) => new(code, "rateLimitExceeded", "Rate Limit Exceeded")
    {
        Domain = "usageLimits",
    };

    public static CalendarError NotFound() => new(404, "notFound", "Not Found");

    public static CalendarError Invalid(string message, string? parameter = null) =>
        new(400, "invalid", message) { Location = parameter };

    public static CalendarError BadRequest(string message) => new(400, "badRequest", message);

    public static CalendarError Required(string message) => new(400, "required", message);

    public static CalendarError TimeRangeEmpty() =>
        new(400, "timeRangeEmpty", "The specified time range is empty.") { Domain = "calendar" };

    public static CalendarError Duplicate() =>
        new(409, "duplicate", "The requested identifier already exists.");

    public static CalendarError Deleted() => new(410, "deleted", "Resource has been deleted");

    public static CalendarError FullSyncRequired() =>
        new(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
        {
            Domain = "calendar",
            Location = "syncToken",
        };

    public static CalendarError UpdatedMinTooLongAgo() =>
        new(410, "updatedMinTooLongAgo", "The requested minimum modification time lies too far in the past.")
        {
            Domain = "calendar",
            Location = "updatedMin",
        };

    public static CalendarError ConditionNotMet() => new(412, "conditionNotMet", "Precondition Failed")
    {
        Location = "If-Match",
        LocationType = "header",
    };

    public static CalendarError ChannelIdNotUnique(string channel) =>
        new(400, "channelIdNotUnique", $"Channel id {channel} not unique");

    public static CalendarError NotHttps() =>
        new(400, "webhookUrlNotHttps", "WebHook callback must be HTTPS");

    public static CalendarError NoChannel(string channel) =>
        new(404, "notFound", $"Channel '{channel}' not found for project.");

    public JsonObject ToJson()
    {
        var first = new JsonObject { ["domain"] = Domain, ["reason"] = Reason, ["message"] = Message };
        if (Location is not null)
        {
            first["locationType"] = LocationType;
            first["location"] = Location;
        }

        var error = new JsonObject
        {
            ["errors"] = new JsonArray(first),
            ["code"] = Code,
            ["message"] = Message,
        };
        if (RefusedMethod is not null)
        {
            error["status"] = "PERMISSION_DENIED";
            error["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                ["reason"] = "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                ["domain"] = "googleapis.com",
                ["metadata"] = new JsonObject
                {
                    ["service"] = "calendar-json.googleapis.com",
                    ["method"] = RefusedMethod,
                },
            });
        }

        return new JsonObject { ["error"] = error };
    }
}
