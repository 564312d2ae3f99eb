using System.Security.Cryptography;

namespace PracticPro.Vault;

/// <summary>
/// AES-256-GCM under one key: the one place that encrypts. Whoever uses it answers for a nonce being used once under a key
/// (NIST SP 800-38D section 8).
/// </summary>
internal readonly struct MessageCipher : IDisposable
{
    public const int KeyBytes = 32;
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    private readonly AesGcm cipher;

    /// <summary>Under a message key, which is zeroed where it came from as soon as it is taken.</summary>
    public MessageCipher(Span<byte> messageKey)
        : this(Cipher(messageKey)) =>
        CryptographicOperations.ZeroMemory(messageKey);

    private MessageCipher(AesGcm cipher) => this.cipher = cipher;

    /// <summary>Under a key that stays its owner's, who zeroes it.</summary>
    public static MessageCipher Under(ReadOnlySpan<byte> key) => new(Cipher(key));

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

    // A shorter key would silently be AES-128.
    private static AesGcm Cipher(ReadOnlySpan<byte> key) =>
        key.Length == KeyBytes ? new AesGcm(key, TagBytes) : throw new ArgumentException("A key has 32 bytes.", nameof(key));
}
