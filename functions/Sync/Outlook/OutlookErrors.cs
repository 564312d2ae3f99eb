using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Reads Graph's errors by code, and by status where the code says no more. A delta query that is lost comes as 410, or as a
/// 40x with one of several codes; the wait stands in Retry-After, also beside a 503.
/// Source: Microsoft Graph, "Error responses and resource types", "Throttling guidance", "Delta query overview".
/// </summary>
internal static class OutlookErrors
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly HashSet<string> LostCodes = new(StringComparer.OrdinalIgnoreCase)
    {
        "syncStateNotFound", "syncStateInvalid", "resyncRequired",
    };

    private static readonly HashSet<string> ScopeCodes = new(StringComparer.OrdinalIgnoreCase)
    {
        "ErrorAccessDenied", "Authorization_RequestDenied", "AccessDenied",
    };

    public static Failure Classify(EgressAnswer answer)
    {
        var code = CodeOf(answer.Body);
        return (int)answer.Status switch
        {
            410 => new SyncFailures.CursorExpired(),
            >= 400 and < 500 when LostCodes.Contains(code) => new SyncFailures.CursorExpired(),
            429 => new SyncFailures.RateLimited(Wait(answer.RetryAfter ?? DefaultWait)),
            503 or 504 when answer.RetryAfter is { } asked => new SyncFailures.RateLimited(Wait(asked)),
            401 => new SyncFailures.AccessExpired(),
            403 when ScopeCodes.Contains(code) => new SyncFailures.ScopeMissing(),
            // No licence, or a mailbox that lives elsewhere: not a thing that is gone.
            404 when code == "MailboxNotEnabledForRESTAPI" => new SyncFailures.ProviderRefused(),
            404 => new SyncFailures.Gone(),
            >= 500 => new SyncFailures.ProviderDown(),
            _ => new SyncFailures.ProviderRefused(),
        };
    }

    private static TimeSpan Wait(TimeSpan asked) =>
        asked <= TimeSpan.Zero ? TimeSpan.FromSeconds(1) : asked > LongestWait ? LongestWait : asked;

    private static string CodeOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.String
                    ? code.GetString()!
                    : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
