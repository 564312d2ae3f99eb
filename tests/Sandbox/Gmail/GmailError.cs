using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// One error as Google's JSON APIs write it. The reason, not the HTTP status, tells what to do: a rate limit and a
/// missing scope are both 403.
/// </summary>
internal sealed record GmailError(int Code, string Reason, string Status, string Message)
{
    private const string ScopeDetail = "ACCESS_TOKEN_SCOPE_INSUFFICIENT";

    public string Domain { get; init; } = "global";

    /// <summary>The header at fault, for 401.</summary>
    public string? Location { get; init; }

    /// <summary>Set for a missing scope: the API method that was refused.</summary>
    public string? RefusedMethod { get; init; }

    public static GmailError NotFound() =>
        new(404, "notFound", "NOT_FOUND", "Requested entity was not found.");

    public static GmailError Invalid(string message) => new(400, "invalidArgument", "INVALID_ARGUMENT", message);

    public static GmailError BadRequest(string message) => new(400, "badRequest", "INVALID_ARGUMENT", message);

    public static GmailError TooLarge() =>
        new(413, "uploadTooLarge", "INVALID_ARGUMENT", "Request entity is too large.");

    public static GmailError Unauthenticated() => new(401, "authError", "UNAUTHENTICATED", "Invalid Credentials")
    {
        Location = "Authorization",
    };

    public static GmailError Delegation(string address) =>
        new(403, "forbidden", "PERMISSION_DENIED", $"Delegation denied for {address}");

    public static GmailError MissingScope(string method) =>
        new(403, "insufficientPermissions", "PERMISSION_DENIED", "Request had insufficient authentication scopes.")
        {
            RefusedMethod = method,
        };

    public static GmailError MetadataScope(string message) =>
        new(403, "forbidden", "PERMISSION_DENIED", message);

    /// <summary>There is no Retry-After header: the time stands in the message, behind two blanks.</summary>
    public static GmailError UserRateLimit(DateTimeOffset until) =>
        new(403, "userRateLimitExceeded", "PERMISSION_DENIED",
            $"User-rate limit exceeded.  Retry after {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}")
        {
            Domain = "usageLimits",
        };

    public JsonObject ToJson()
    {
        var first = new JsonObject { ["message"] = Message, ["domain"] = Domain, ["reason"] = Reason };
        if (Location is not null)
        {
            first["location"] = Location;
            first["locationType"] = "header";
        }

        var error = new JsonObject
        {
            ["code"] = Code,
            ["message"] = Message,
            ["errors"] = new JsonArray(first),
            ["status"] = Status,
        };
        if (RefusedMethod is not null)
        {
            error["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                ["reason"] = ScopeDetail,
                ["domain"] = "googleapis.com",
                ["metadata"] = new JsonObject { ["service"] = "gmail.googleapis.com", ["method"] = RefusedMethod },
            });
        }

        return new JsonObject { ["error"] = error };
    }
}
