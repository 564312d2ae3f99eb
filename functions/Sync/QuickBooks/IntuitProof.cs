using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Whether a notification is Intuit's (CON-4): <c>intuit-signature</c> is base64 of HMAC-SHA256 over the body's bytes as they
/// came, under the program's verifier token. There is no time in it: a repeat years later is as good, and tells nothing new.
/// Source: Intuit, "Webhooks", validating a notification.
/// </summary>
internal static class IntuitProof
{
    public const string Header = "intuit-signature";

    /// <summary>Takes as long whatever is wrong with a signature of the right length. Never true without a key.</summary>
    public static bool Holds(SecretText key, ReadOnlySpan<byte> body, string? signature)
    {
        Span<byte> offered = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (key.IsEmpty
            || signature is not { Length: 44 }
            || !Convert.TryFromBase64String(signature, offered, out var length)
            || length != HMACSHA256.HashSizeInBytes)
        {
            return false;
        }

        Span<byte> made = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var secret = Encoding.UTF8.GetBytes(key.Reveal("to prove a notification"));
        HMACSHA256.HashData(secret, body, made);
        CryptographicOperations.ZeroMemory(secret);
        return CryptographicOperations.FixedTimeEquals(made, offered);
    }
}
