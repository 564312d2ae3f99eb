using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Secrets that providers send along with notifications: one a connection, 43 characters of base64url, which fits what
/// providers take (a channel token of Google's 256 characters, a client state of Microsoft Graph's 128).
/// <code>
/// secret = HMAC-SHA512(data key of the purpose tokens, "practicpro webhook 1" | part(tenant) | part(connection) | 0x01)[0–31]
/// part(x) = length in bytes (2) | UTF-8
/// </code>
/// The label keeps it apart from the keys of messages, which the same data key gives.
/// </summary>
internal static class WebhookSecrets
{
    public const int Characters = 43;
    private const int Bytes = 32;

    private static readonly byte[] Label = Encoding.ASCII.GetBytes("practicpro webhook 1");

    /// <param name="connection">Id of the connection or subscription.</param>
    public static SecretText Of(DataKey key, TenantId tenant, string connection)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        Derive(key, tenant, connection, hash);
        var secret = new SecretText(Base64Url.EncodeToString(hash));
        CryptographicOperations.ZeroMemory(hash);
        return secret;
    }

    /// <summary>Takes as long whichever key it is, and whether it is any.</summary>
    public static bool IsOf(IEnumerable<DataKey> keys, TenantId tenant, string connection, string? offered)
    {
        Span<byte> given = stackalloc byte[Bytes];
        if (offered is not { Length: Characters }
            || !Base64Url.IsValid(offered)
            || !Base64Url.TryDecodeFromChars(offered, given, out var written) || written != Bytes
            || Base64Url.EncodeToString(given) != offered)
        {
            return false;
        }

        var isAny = false;
        Span<byte> hash = stackalloc byte[Bytes];
        foreach (var key in keys)
        {
            Derive(key, tenant, connection, hash);
            isAny |= CryptographicOperations.FixedTimeEquals(hash, given);
        }

        CryptographicOperations.ZeroMemory(hash);
        return isAny;
    }

    private static void Derive(DataKey key, TenantId tenant, string connection, Span<byte> secret) =>
        key.Expand([.. Label, .. SealContext.Prefixed(tenant.Text), .. SealContext.Prefixed(connection)], secret);
}
