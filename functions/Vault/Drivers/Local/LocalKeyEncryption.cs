using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// Key-encryption keys in a <see cref="LocalKeyFile"/>: AES-256-GCM with a random nonce.
/// <code>
///  0            12                                       n-16     n
///  +------------+----------------------------------------+--------+
///  | nonce      | ciphertext of <see cref="WrappedPlaintext"/>         | tag    |
///  +------------+----------------------------------------+--------+
/// </code>
/// A tenant's key wraps a handful of data keys, far from the 2^32 uses at which random nonces become unsafe
/// (NIST SP 800-38D section 8.3).
/// </summary>
internal sealed class LocalKeyEncryption(LocalKeyFile file) : IKeyEncryption
{
    private const int NonceBytes = MessageCipher.NonceBytes;

    public async ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation)
    {
        var keys = file.Current();
        if (keys is null || !keys.Has(tenant))
        {
            keys = await file.ChangeAsync(now => now.Has(tenant) ? now : now.WithNewKey(tenant), cancellation);
        }

        return keys.Find(tenant, null)!.Value.Version;
    }

    public async ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (file.Read()?.Has(tenant) is not true)
        {
            return new VaultFailures.TenantKeyMissing();
        }

        var keys = await file.ChangeAsync(now => now.WithNewKey(tenant), cancellation);
        return keys.Find(tenant, null)!.Value.Version;
    }

    public ValueTask<Outcome<WrappedKey>> WrapAsync(
        TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation)
    {
        // Another process may have renewed the key; wrapping is rare, so the file is read each time.
        if (file.Read()?.Find(tenant, null) is not var (version, wrapping))
        {
            return ValueTask.FromResult<Outcome<WrappedKey>>(new VaultFailures.TenantKeyMissing());
        }

        using var plaintext = WrappedPlaintext.Bind(tenant, context, version, key.Span);
        var bytes = new byte[NonceBytes + plaintext.Length + MessageCipher.TagBytes];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = MessageCipher.Under(wrapping);
        cipher.Encrypt(nonce, plaintext.Reveal("to wrap it"), bytes.AsSpan(NonceBytes), []);
        return ValueTask.FromResult<Outcome<WrappedKey>>(new WrappedKey(version, bytes));
    }

    public ValueTask<Outcome<SecretBytes>> UnwrapAsync(
        TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation) =>
        ValueTask.FromResult(Unwrap(tenant, wrapped, context));

    private Outcome<SecretBytes> Unwrap(TenantId tenant, WrappedKey wrapped, WrapContext context)
    {
        // What is missing in memory may have been added by another process.
        if ((file.Current()?.Find(tenant, wrapped.Version) ?? file.Read()?.Find(tenant, wrapped.Version))
            is not var (version, wrapping))
        {
            return file.Current()?.Has(tenant) is true
                ? new VaultFailures.TenantKeyVersionUnknown()
                : new VaultFailures.TenantKeyMissing();
        }

        var length = wrapped.Bytes.Length - NonceBytes - MessageCipher.TagBytes;
        if (length <= 0)
        {
            return new VaultFailures.WrappedKeyNotAuthentic();
        }

        var bytes = wrapped.Bytes.Span;
        Span<byte> plaintext = length <= 256 ? stackalloc byte[length] : new byte[length];
        using var cipher = MessageCipher.Under(wrapping);
        var key = cipher.TryDecrypt(bytes[..NonceBytes], bytes[NonceBytes..], plaintext, [])
            ? WrappedPlaintext.Unbind(tenant, context, version, plaintext)
            : null;
        CryptographicOperations.ZeroMemory(plaintext);
        return key is null ? new VaultFailures.WrappedKeyNotAuthentic() : key;
    }
}
