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
/// <para>
/// A key is destroyed by one rewrite of the file without its bytes. That reaches this file alone: copies of it, and what
/// a disk keeps of a file that was replaced, are the owner's to destroy.
/// </para>
/// </summary>
internal sealed class LocalKeyEncryption(LocalKeyFile file, TimeProvider time) : IKeyEncryption
{
    private const int NonceBytes = MessageCipher.NonceBytes;

    public async ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation)
    {
        using var before = file.Read();
        if (before?.Find(tenant, null) is var (found, _))
        {
            return found;
        }

        using var keys = await file.ChangeAsync(
            now => now.Has(tenant) || now.IsDestroyed(tenant) ? now : now.WithNewKey(tenant), cancellation);
        return keys.Find(tenant, null)?.Version ?? throw new UnexpectedFailureException(WhyNone(keys, tenant));
    }

    public async ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation)
    {
        using var before = file.Read();
        if (before?.Has(tenant) is not true)
        {
            return WhyNone(before, tenant);
        }

        // Somebody may have destroyed the key since it was read.
        using var keys = await file.ChangeAsync(now => now.Has(tenant) ? now.WithNewKey(tenant) : now, cancellation);
        return keys.Find(tenant, null) is var (version, _) ? version : WhyNone(keys, tenant);
    }

    public ValueTask<Outcome<WrappedKey>> WrapAsync(
        TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation)
    {
        // Another process may have renewed the key; wrapping is rare, so the file is read each time.
        using var keys = file.Read();
        if (keys?.Find(tenant, null) is not var (version, wrapping))
        {
            return ValueTask.FromResult<Outcome<WrappedKey>>(WhyNone(keys, tenant));
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

    public ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation)
    {
        using var keys = file.Read();
        return ValueTask.FromResult<Outcome<IReadOnlyList<TenantKeyVersion>>>(
            keys?.Has(tenant) is true
                ? keys.Versions(tenant).Select(version => new TenantKeyVersion(version, !keys.IsOff(tenant, version), null)).ToList()
                : WhyNone(keys, tenant));
    }

    public async ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation)
    {
        using var before = file.Read();
        if (WhyNotOff(before, tenant, version) is { } why)
        {
            return why;
        }

        // Asked again under the lock: versions are only added, but the key may have been destroyed.
        using var keys = await file.ChangeAsync(
            now => WhyNotOff(now, tenant, version) is null && !now.IsOff(tenant, version) ? now.WithOff(tenant, version) : now,
            cancellation);
        return WhyNotOff(keys, tenant, version) is { } since ? since : Done.Value;
    }

    public async ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation)
    {
        using var before = file.Read();
        if (before is null || (!before.Has(tenant) && !before.IsDestroyed(tenant)))
        {
            return new VaultFailures.TenantKeyMissing();
        }

        using var keys = await file.ChangeAsync(
            now => now.Has(tenant) ? now.WithoutKeys(tenant, time.GetUtcNow()) : now, cancellation);
        return Destruction(keys, tenant) is { } destroyed ? destroyed : new VaultFailures.TenantKeyMissing();
    }

    public ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation)
    {
        using var keys = file.Read();
        return ValueTask.FromResult(Destruction(keys, tenant));
    }

    private static KeyDestruction? Destruction(LocalKeys? keys, TenantId tenant) =>
        keys?.FindDestroyed(tenant) is { } mark
            ? new KeyDestruction(tenant.Text, mark.At, mark.Versions, DestroyedKeyRemains.Nothing)
            : null;

    private static Failure WhyNone(LocalKeys? keys, TenantId tenant) =>
        keys?.IsDestroyed(tenant) is true ? new VaultFailures.TenantKeyDestroyed() : new VaultFailures.TenantKeyMissing();

    private static Failure? WhyNotOff(LocalKeys? keys, TenantId tenant, KeyVersion version)
    {
        if (keys?.Has(tenant) is not true)
        {
            return WhyNone(keys, tenant);
        }

        var versions = keys.Versions(tenant);
        if (!versions.Contains(version))
        {
            return new VaultFailures.TenantKeyVersionUnknown();
        }

        return versions[^1] == version ? new VaultFailures.TenantKeyVersionNewest() : null;
    }

    private Outcome<SecretBytes> Unwrap(TenantId tenant, WrappedKey wrapped, WrapContext context)
    {
        using var keys = file.Read();
        if (keys?.Find(tenant, wrapped.Version) is not var (version, wrapping))
        {
            return keys?.Has(tenant) is true ? new VaultFailures.TenantKeyVersionUnknown() : WhyNone(keys, tenant);
        }

        if (keys.IsOff(tenant, version))
        {
            return new VaultFailures.TenantKeyDisabled();
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
