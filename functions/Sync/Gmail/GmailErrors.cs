using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// Reads Gmail's errors by reason, not by status: a rate limit arrives mostly as 403, and so does a missing scope.
/// The wait stands in the message text, never in a header.
/// Source: Gmail API guide "Resolve errors"; Gmail usage limits (2026-05-01).
/// </summary>
internal static partial class GmailErrors
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly HashSet<string> RateReasons = new(StringComparer.OrdinalIgnoreCase)
    {
        "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded",
    };

    private static readonly HashSet<string> ScopeReasons = new(StringComparer.OrdinalIgnoreCase)
    {
        "insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domainPolicy",
    };

    public static Failure Classify(EgressAnswer answer, DateTimeOffset now)
    {
        var error = Read(answer.Body);
        var reasons = error?.Errors?.Select(item => item.Reason ?? "") ?? [];
        if (answer.Status == HttpStatusCode.TooManyRequests || reasons.Any(RateReasons.Contains))
        {
            return new SyncFailures.RateLimited(WaitIn(error?.Message, now));
        }

        return (int)answer.Status switch
        {
            401 => new SyncFailures.AccessExpired(),
            403 when reasons.Any(ScopeReasons.Contains) => new SyncFailures.ScopeMissing(),
            404 or 410 => new SyncFailures.Gone(),
            >= 500 => new SyncFailures.ProviderDown(),
            _ => new SyncFailures.ProviderRefused(),
        };
    }

    private static GmailShapes.ErrorBody? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<GmailShapes.ErrorEnvelope>(body.Span, JsonSerializerOptions.Web)?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan WaitIn(string? message, DateTimeOffset now)
    {
        var match = RetryAfter().Match(message ?? "");
        if (!match.Success
            || !DateTimeOffset.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var until))
        {
            return DefaultWait;
        }

        var wait = until - now;
        return wait <= TimeSpan.Zero ? TimeSpan.FromSeconds(1) : wait > LongestWait ? LongestWait : wait;
    }

    [GeneratedRegex(@"Retry after\s+(\d{4}-\d\d-\d\dT[0-9:.]+Z)", RegexOptions.IgnoreCase)]
    private static partial Regex RetryAfter();
}
