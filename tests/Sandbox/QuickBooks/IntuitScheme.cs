using System.Security.Cryptography;
using System.Text;
using PracticPro.Sandbox.Webhooks;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// intuit-signature is base64 of HMAC-SHA256 over the body with the verifier token. There is no time in it. Refused
/// deliveries come again after 20, 30 and 50 minutes, and only when the answer was 408, 500, 502, 503, 504 or none.
/// Source: Intuit "Webhooks" guide.
/// </summary>
internal sealed class IntuitScheme : IWebhookScheme
{
    public const string DefaultVerifier = "3f1c1f9a-sandbox-verifier-77";

    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(50)];

    private long _sent;

    public string Verifier { get; set; } = DefaultVerifier;

    /// <summary>Goes with the format: the older one says 0.1.</summary>
    public string Schema { get; set; } = "1.0";

    public IEnumerable<KeyValuePair<string, string>> Headers(byte[] body, DateTimeOffset now, SignatureFault fault)
    {
        yield return new("intuit-created-time", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
        yield return new("intuit-t-id", $"1-{Interlocked.Increment(ref _sent):x8}");
        yield return new("intuit-notification-schema-version", Schema);
        yield return new("User-Agent", "intuit_notification_server/1.0");
        if (fault != SignatureFault.Missing)
        {
            yield return new("intuit-signature", Sign(
                fault == SignatureFault.WrongKey ? "somebody-elses" : Verifier,
                fault == SignatureFault.OtherBody ? [.. body, (byte)' '] : body));
        }
    }

    public bool Acknowledges(int status) => status is >= 200 and < 300;

    public TimeSpan? WaitAfter(int attempt, int status) =>
        status is 0 or 408 or 500 or 502 or 503 or 504 && attempt <= Waits.Length ? Waits[attempt - 1] : null;

    public static string Sign(string verifier, byte[] body) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(verifier), body));
}
