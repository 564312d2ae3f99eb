using System.Net;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Reads QuickBooks' errors. They come in two casings: <c>Fault.Error[].code</c> from the books, <c>fault.error[].code</c>
/// from the door before them; and now and then with status 200. Source: Intuit, "Error codes"; "API call limits and throttles".
/// </summary>
internal static class QuickBooksErrors
{
    /// <summary>Intuit names no wait; its guide says sixty seconds.</summary>
    private static readonly TimeSpan ThrottleWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private const string NotFound = "610";
    private const string Throttled = "3001";
    private const string NotAuthorised = "3100";
    private const string NotAuthenticated = "3200";

    /// <summary>What is wrong with an answer; null for a good one.</summary>
    public static Failure? Of(EgressAnswer answer)
    {
        var code = CodeIn(answer.Body);
        if (answer.IsSuccess && code is null)
        {
            return null;
        }

        return (answer.Status, code) switch
        {
            (HttpStatusCode.TooManyRequests, _) or (_, Throttled) => new SyncFailures.RateLimited(Wait(answer.RetryAfter)),
            (HttpStatusCode.Unauthorized, _) or (_, NotAuthenticated) => new SyncFailures.AccessExpired(),
            (HttpStatusCode.Forbidden, NotAuthorised) => new SyncFailures.ScopeMissing(),
            (_, NotFound) => new SyncFailures.Gone(),
            ( >= HttpStatusCode.InternalServerError, _) => new SyncFailures.ProviderDown(),
            _ => new SyncFailures.ProviderRefused(),
        };
    }

    /// <summary>The first error's code, without leading zeros; null when there is none, or it is not JSON.</summary>
    private static string? CodeIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var errors = Member(Member(json.RootElement, "Fault", "fault"), "Error", "error");
            if (errors is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            {
                return null;
            }

            var code = Member(list[0], "code", "Code");
            return code is { ValueKind: JsonValueKind.String } text ? text.GetString()!.TrimStart('0') : "";
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement? element, string name, string otherwise) =>
        element is { ValueKind: JsonValueKind.Object } found
        && (found.TryGetProperty(name, out var value) || found.TryGetProperty(otherwise, out value))
            ? value
            : null;

    private static TimeSpan Wait(TimeSpan? asked) => asked is not { } wait || wait <= TimeSpan.Zero ? ThrottleWait
        : wait > LongestWait ? LongestWait
        : wait;
}
