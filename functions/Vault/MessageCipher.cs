using System.Security.Cryptography;

namespace PracticPro.Vault;

/// <summary>
/// AES-256-GCM under one message key: the one place that encrypts content. Whoever uses it answers for a nonce being used
/// once under a key (NIST SP 800-38D section 8). The key is zeroed where it came from as soon as it is taken.
/// </summary>
internal readonly struct MessageCipher : IDisposable
{
    private readonly AesGcm cipher;

    public MessageCipher(Span<byte> messageKey)
    {
        cipher = new AesGcm(messageKey, SealedFormat.TagBytes);
        CryptographicOperations.ZeroMemory(messageKey);
    }

    /// <param name="output">As long as the plaintext and a tag.</param>
    public void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> output, ReadOnlySpan<byte> associated) =>
        cipher.Encrypt(nonce, plaintext, output[..plaintext.Length], output[plaintext.Length..], associated);

    /// <summary>False, and a plaintext of zeros, when body or associated bytes are not those that were encrypted.</summary>
    /// <param name="body">Ciphertext, then tag.</param>
    /// <param name="plaintext">As long as the ciphertext.</param>
    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> body, Span<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        try
        {
            cipher.Decrypt(nonce, body[..plaintext.Length], body[plaintext.Length..], plaintext, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The platform has zeroed the output.
            return false;
        }
    }

    public void Dispose() => cipher.Dispose();
}
