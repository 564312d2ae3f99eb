using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Hosting.Http;

/// <summary>The one place where failures become HTTP: each case of <see cref="Failure"/>, each bare status, each accident.</summary>
internal static class FailureMap
{
    private const int LongestFieldName = 40;

    public static Problem Of(Failure failure)
    {
        var (status, title) = failure switch
        {
            Failure.Invalid => (400, "Not acceptable as it is"),
            Failure.Unauthenticated => (401, "Not signed in"),
            Failure.Refused => (403, "Refused"),
            Failure.NotFound => (404, "Not found"),
            Failure.Gone => (410, "Gone for good"),
            Failure.Conflict => (409, "In another state"),
            Failure.TooLarge => (413, "Too large"),
            Failure.TooMany => (429, "Too many"),
            Failure.Unavailable => (503, "Not available now"),
            _ => throw new InvalidOperationException("A failure without a case."),
        };
        var field = (failure as Failure.Invalid)?.Field;
        return Problem.Of(status, title, failure.Code, failure.Message, field) with { RetryAfter = RetryAfter(failure) };
    }

    /// <summary>For answers that routing and binding give by themselves.</summary>
    public static Problem Of(int status) => status switch
    {
        400 => Problem.Of(400, "Not acceptable as it is", "bad-request", "The request cannot be read. Check it against the API's description."),
        401 => Problem.Of(401, "Not signed in", "not-signed-in", "Nobody is signed in here. Sign in."),
        403 => Problem.Of(403, "Refused", "refused", "This is not allowed."),
        404 => Problem.Of(404, "Not found", "not-found", "There is nothing at this address. Check it, or begin again from the inbox."),
        405 => Problem.Of(405, "Method not allowed", "method-not-allowed", "This address does not take this method. The Allow header says which it takes."),
        408 => Problem.Of(408, "Too slow", "too-slow", "The request took too long to arrive. Send it again."),
        411 or 413 => Problem.Of(413, "Too large", "too-large", "The request is larger than 1 MiB. Send less at once."),
        415 => Problem.Of(415, "Media type not taken", "media-type", "Send the body as application/json."),
        431 => Problem.Of(431, "Headers too large", "headers-too-large", "The request's headers are too large. Sign out, then in again."),
        503 => Problem.Of(503, "Not available now", "unavailable", "This is not available now. Try again in a moment."),
        _ => Problem.Of(status, status >= 500 ? "Accident" : "Refused", $"status-{status}", "The request was not carried out. Reload, then try again."),
    };

    /// <summary>For what was thrown; null when it is an accident that only the log can explain.</summary>
    public static Problem? Of(Exception thrown) => thrown switch
    {
        BadHttpRequestException { InnerException: JsonException json } => Unreadable(json),
        BadHttpRequestException bad => Of(bad.StatusCode),
        JsonException json => Unreadable(json),
        InvalidDataException => Of(400),
        CursorOfAnotherListException => Of(new PageFailures.BadCursor()),
        TooLargeToStoreException => Of(413),
        StorageUnavailableException => Of(503) with { RetryAfter = TimeSpan.FromSeconds(5) },
        KeysExpiredException => Problem.Of(
            503, "Not available now", "keys-changed", "The practice's keys were changed just now. Send it again.")
            with { RetryAfter = TimeSpan.FromSeconds(1) },
        KeyStoreUnavailableException store => Of(store.Failure),
        UnexpectedFailureException { Failure: VaultFailures.TenantKeyDisabled or VaultFailures.TenantKeyDeleted } key => Of(key.Failure),
        UnexpectedFailureException { Failure: Failure.Gone gone } => Of(gone),
        _ => null,
    };

    // The parser's own message quotes what was sent; only the place is kept, and only if it looks like a member's name.
    private static Problem Unreadable(JsonException json)
    {
        var path = json.Path ?? "";
        var field = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..].Split('.', '[')[0] : "";
        var known = field.Length is > 0 and <= LongestFieldName && field.All(char.IsAsciiLetter);
        return Problem.Of(
            400,
            "Not acceptable as it is",
            "bad-json",
            known
                ? "A member of the body is unknown or of the wrong type. The field says which; check it against the API's description."
                : "The body is not the JSON that is expected here. Check it against the API's description.",
            known ? field : null);
    }

    private static TimeSpan? RetryAfter(Failure failure) => failure switch
    {
        Failure.TooMany many => many.RetryAfter,
        Failure.Unavailable unavailable => unavailable.RetryAfter,
        _ => null,
    };
}
