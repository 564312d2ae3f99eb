using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Sandbox.Webhooks;

namespace PracticPro.Sandbox.Paddle;

/// <summary>
/// Paddle-Signature is ts=&lt;seconds&gt;;h1=&lt;hex&gt;, HMAC-SHA256 over "ts:body" with the destination's secret as it stands. While
/// a secret is being replaced there is an h1 for the old one and an h1 for the new. Each attempt is signed afresh. Only
/// 200 acknowledges; live destinations are tried sixty times in three days, the waits growing by a tenth each.
/// Source: Paddle "Verify webhook signatures", "Respond to webhooks".
/// </summary>
internal sealed class PaddleScheme : IWebhookScheme
{
    public const string DefaultSecret = "pdl_ntfset_01sandboxdestination_Zk9pV2xWc0ZyYmFuZE9ubHk";

    private const int MostAttempts = 60;

    /// <summary>In the order their signatures are written; more than one during a rotation.</summary>
    public IReadOnlyList<string> Secrets { get; set; } = [DefaultSecret];

    /// <summary>How far the time in the signature is from the sandbox's own; positive is in the future.</summary>
    public TimeSpan Skew { get; set; }

    public IEnumerable<KeyValuePair<string, string>> Headers(byte[] body, DateTimeOffset now, SignatureFault fault)
    {
        if (fault == SignatureFault.Missing)
        {
            yield break;
        }

        string at = (now + Skew).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = fault == SignatureFault.OtherBody ? [.. body, (byte)' '] : body;
        IEnumerable<string> keys = fault == SignatureFault.WrongKey ? ["pdl_ntfset_somebody_elses"] : Secrets;
        yield return new("Paddle-Signature", $"ts={at};" + string.Join(';', keys.Select(key => "h1=" + Sign(key, at, signed))));
    }

    public bool Acknowledges(int status) => status == 200;

    public TimeSpan? WaitAfter(int attempt, int status) =>
        attempt < MostAttempts ? TimeSpan.FromSeconds(60 * Math.Pow(1.1, attempt - 1)) : null;

    public static string Sign(string secret, string at, byte[] body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(at + ":"), .. body]));
}
