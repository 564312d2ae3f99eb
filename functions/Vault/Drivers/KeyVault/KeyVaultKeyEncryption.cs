using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Key-encryption keys in a vault: one RSA key a tenant, whose versions are the vault's own (32 hexadecimal digits). What
/// is wrapped is a <see cref="WrappedPlaintext"/>, 96 bytes for a data key, under RSA-OAEP-256. The version is read first
/// and then wrapped under by name, since it is part of what is bound.
/// <para>
/// Every wrap and unwrap is asked of the vault, so that a disabled or deleted key opens nothing from that moment on, but
/// for what <see cref="KeyRing"/> still holds.
/// </para>
/// </summary>
internal sealed class KeyVaultKeyEncryption(KeyVaultKeys keys, FirstKeys first) : IKeyEncryption
{
    public async ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
        (await first.EnsureAsync(VaultKeyName.Of(tenant), VaultKeyKind.Wrapping, cancellation)).Version;

    public async ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        if (!(await keys.FindAsync(name, cancellation)).Try(out var before, out var why))
        {
            return why;
        }

        try
        {
            return (await keys.RotateAsync(name, cancellation)).Then(key => key.Version);
        }
        catch (KeyStoreUnavailableException)
        {
            // The answer may have been lost after the deed: then the new version is there.
            var now = await keys.FindAsync(name, cancellation);
            if (now.Try(out var after, out _) && after.Version != before.Version)
            {
                return after.Version;
            }

            throw;
        }
    }

    public async ValueTask<Outcome<WrappedKey>> WrapAsync(
        TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        if (!(await keys.FindAsync(name, cancellation)).Try(out var newest, out var why))
        {
            return why;
        }

        using var plaintext = WrappedPlaintext.Bind(tenant, context, newest.Version, key.Span);
        var wrapped = await keys.WrapAsync(name, newest.Version, plaintext.RevealMemory("to wrap it"), cancellation);
        return wrapped.Then(bytes => new WrappedKey(newest.Version, bytes));
    }

    public async ValueTask<Outcome<SecretBytes>> UnwrapAsync(
        TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation)
    {
        var opened = await keys.UnwrapAsync(VaultKeyName.Of(tenant), wrapped.Version, wrapped.Bytes, cancellation);
        if (!opened.Try(out var plaintext, out var why))
        {
            return why;
        }

        var key = WrappedPlaintext.Unbind(tenant, context, wrapped.Version, plaintext);
        CryptographicOperations.ZeroMemory(plaintext);
        return key is null ? new VaultFailures.WrappedKeyNotAuthentic() : key;
    }
}
