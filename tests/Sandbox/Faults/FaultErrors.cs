using System.Text.Json.Nodes;
using PracticPro.Sandbox.Calendar;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.Faults;

/// <summary>
/// The bodies of injected errors: Google's envelope for API paths, RFC 6749's for the token endpoints.
/// </summary>
internal static class FaultErrors
{
    private static readonly Dictionary<string, GmailError> ByReason = new List<GmailError>
    {
        new(429, "rateLimitExceeded", "RESOURCE_EXHAUSTED", "Rate Limit Exceeded") { Domain = "usageLimits" },
        new(403, "userRateLimitExceeded", "PERMISSION_DENIED", "User Rate Limit Exceeded") { Domain = "usageLimits" },
        new(403, "dailyLimitExceeded", "PERMISSION_DENIED", "Daily Limit Exceeded") { Domain = "usageLimits" },
        new(403, "quotaExceeded", "PERMISSION_DENIED", "Quota exceeded") { Domain = "usageLimits" },
        new(403, "domainPolicy", "PERMISSION_DENIED", "The domain administrators have disabled Gmail apps."),
        new(503, "backendError", "UNAVAILABLE", "Backend Error"),
        new(400, "failedPrecondition", "FAILED_PRECONDITION", "Precondition check failed."),
        GmailError.Invalid("Request contains an invalid argument."),
        GmailError.BadRequest("Bad Request"),
        GmailError.NotFound(),
        GmailError.Unauthenticated(),
        GmailError.MissingScope("caribou.api.proto.MailboxService"),
    }.ToDictionary(error => error.Reason, StringComparer.OrdinalIgnoreCase);

    public static (int Status, JsonObject Body) For(FaultAction action, PathString path)
    {
        string reason = action.Reason ?? "backendError";
        if (path.StartsWithSegments("/v3/company"))
        {
            return QuickBooksFaults.For(action);
        }

        if (path == "/token" || path == "/revoke" || path.StartsWithSegments("/oauth2/v1/tokens")
            || path.StartsWithSegments("/v2/oauth2/tokens"))
        {
            int status = action.Code ?? (reason == "invalid_client" ? 401 : reason == "backendError" ? 503 : 400);
            string description = action.Message ?? "Token has been expired or revoked.";
            return (status, new OAuthProblem(status, reason, description).ToJson());
        }

        if (path.StartsWithSegments("/calendar") && CalendarOnly(reason) is CalendarError own)
        {
            own = own with { Code = action.Code ?? own.Code, Message = action.Message ?? own.Message };
            return (own.Code, own.ToJson());
        }

        GmailError error = ByReason.GetValueOrDefault(reason)
            ?? new GmailError(action.Code ?? 400, reason, "UNKNOWN", reason);
        error = error with { Code = action.Code ?? error.Code, Message = action.Message ?? error.Message };
        return (error.Code, error.ToJson());
    }

    private static CalendarError? CalendarOnly(string reason) => reason switch
    {
        "fullSyncRequired" => CalendarError.FullSyncRequired(),
        "updatedMinTooLongAgo" => CalendarError.UpdatedMinTooLongAgo(),
        "conditionNotMet" => CalendarError.ConditionNotMet(),
        "duplicate" => CalendarError.Duplicate(),
        "rateLimitExceeded" => CalendarError.RateLimit(StatusCodes.Status403Forbidden),
        "authError" => CalendarError.Unauthenticated(),
        _ => null,
    };
}
