using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>One error as Graph writes it. The code is what tells what to do.</summary>
internal sealed record GraphError(int Status, string Code, string Message)
{
    /// <summary>Seconds, on the wire as the Retry-After header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Where a lost delta query can be begun anew.</summary>
    public string? Location { get; init; }

    public static GraphError Unauthenticated(bool isEmpty) => new(401, "InvalidAuthenticationToken",
        isEmpty ? "Access token is empty." : "Lifetime validation failed, the token is expired.");

    public static GraphError AccessDenied() =>
        new(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");

    public static GraphError NotFound() =>
        new(404, "ErrorItemNotFound", "The specified object was not found in the store.");

    public static GraphError NoSuchSubscription() =>
        new(404, "ResourceNotFound", "The object was not found.");

    public static GraphError BadRequest(string message) => new(400, "BadRequest", message);

    public static GraphError InvalidRequest(string message) => new(400, "InvalidRequest", message);

    public static GraphError UnknownProperty(string name) => new(400, "RequestBodyRead",
        $"The property '{name}' does not exist on this type. Make sure to only use property names that are defined.");

    public static GraphError TooLarge() =>
        new(413, "RequestEntityTooLarge", "The maximum request size was exceeded.");

    public static GraphError PreconditionFailed() => new(412, "ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change key passed in the request does not "
        + "match the current change key for the item.");

    public static GraphError Throttled(int seconds) =>
        new(429, "TooManyRequests", "Too many requests.") { RetryAfter = seconds };

    public static GraphError TooManyAtOnce(int seconds) =>
        new(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.") { RetryAfter = seconds };

    public static GraphError NoLicence() => new(404, "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");

    /// <summary>By code, for injected errors; null when it is unknown.</summary>
    public static GraphError? Named(string code, int seconds) => code switch
    {
        "TooManyRequests" => Throttled(seconds),
        "ApplicationThrottled" => TooManyAtOnce(seconds),
        "InvalidAuthenticationToken" => Unauthenticated(false),
        "ErrorAccessDenied" => AccessDenied(),
        "ErrorItemNotFound" => NotFound(),
        "MailboxNotEnabledForRESTAPI" => NoLicence(),
        "ErrorSendAsDenied" => new(403, code, "The user account which was used to submit this request does not have the "
            + "right to send mail on behalf of the specified sending account."),
        "ErrorQuotaExceeded" => new(507, code, "The mailbox has exceeded its quota."),
        "serviceNotAvailable" or "backendError" => new(503, "ServiceUnavailable", "The service is unavailable.")
        {
            RetryAfter = seconds,
        },
        "generalException" => new(500, code, "An unspecified error has occurred."),
        "GatewayTimeout" => new(504, code, "The request timed out."),
        "SyncStateNotFound" or "syncStateNotFound" or "resyncRequired" =>
            new(410, code, "The sync state generation is not found."),
        "syncStateInvalid" or "SyncStateInvalid" => new(400, code, "The sync state is invalid."),
        _ => null,
    };

    public JsonObject ToJson(string request, string? clientRequest, DateTimeOffset now) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = Code,
            ["message"] = Message,
            ["innerError"] = new JsonObject
            {
                ["date"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                ["request-id"] = request,
                ["client-request-id"] = clientRequest ?? request,
            },
        },
    };
}
