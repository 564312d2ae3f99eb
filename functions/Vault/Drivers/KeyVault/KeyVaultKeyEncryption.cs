using System.Collections.Immutable;
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
/// <para>
/// A key is destroyed by a tombstone (<see cref="KeyTombstones"/>) and then by deleting it: it lies in the vault's bin
/// until the vault purges it. A key that a person takes out of the bin unwraps again, and gets nothing new: the vault
/// would do so for whoever asks it, so this class does not pretend otherwise.
/// </para>
/// </summary>
internal sealed class KeyVaultKeyEncryption(KeyVaultKeys keys, FirstKeys first, TimeProvider time) : IKeyEncryption
{
    /// <summary>The vault deletes in the background: for so long a key may be in neither place.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    public async ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
        (await first.EnsureAsync(VaultKeyName.Of(tenant), VaultKeyKind.Wrapping, cancellation)).Version;

    public async ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        if (!(await keys.FindAsync(name, cancellation)).Try(out var before, out var why))
        {
            return await WhyAsync(name, why, cancellation);
        }

        if (await first.Tombstones.FindAsync(name, cancellation) is not null)
        {
            return new VaultFailures.TenantKeyDestroyed();
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
            return await WhyAsync(name, why, cancellation);
        }

        // A person may have taken it out of the bin.
        if (await first.Tombstones.FindAsync(name, cancellation) is not null)
        {
            return new VaultFailures.TenantKeyDestroyed();
        }

        using var plaintext = WrappedPlaintext.Bind(tenant, context, newest.Version, key.Span);
        var wrapped = await keys.WrapAsync(name, newest.Version, plaintext.RevealMemory("to wrap it"), cancellation);
        return wrapped.Then(bytes => new WrappedKey(newest.Version, bytes));
    }

    public async ValueTask<Outcome<SecretBytes>> UnwrapAsync(
        TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        var opened = await keys.UnwrapAsync(name, wrapped.Version, wrapped.Bytes, cancellation);
        if (!opened.Try(out var plaintext, out var why))
        {
            return await WhyAsync(name, why, cancellation);
        }

        var key = WrappedPlaintext.Unbind(tenant, context, wrapped.Version, plaintext);
        CryptographicOperations.ZeroMemory(plaintext);
        return key is null ? new VaultFailures.WrappedKeyNotAuthentic() : key;
    }

    public async ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        return (await OrderedAsync(name, cancellation)).Try(out var versions, out var why)
            ? versions.Select(one => new TenantKeyVersion(one.Version, one.IsEnabled, one.CreatedAt)).ToList()
            : await WhyAsync(name, why, cancellation);
    }

    public async ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        if (!(await OrderedAsync(name, cancellation)).Try(out var versions, out var why))
        {
            return await WhyAsync(name, why, cancellation);
        }

        if (versions.All(one => one.Version != version))
        {
            return new VaultFailures.TenantKeyVersionUnknown();
        }

        if (versions[^1].Version == version)
        {
            return new VaultFailures.TenantKeyVersionNewest();
        }

        return (await keys.EnableAsync(name, version, isEnabled: false, cancellation)).Then(static _ => Done.Value);
    }

    public async ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        var stone = await first.Tombstones.FindAsync(name, cancellation);
        if (stone is null)
        {
            var versions = await OrderedAsync(name, cancellation);
            if (versions.Failure is { } why and not VaultFailures.TenantKeyDeleted)
            {
                return why;
            }

            ImmutableArray<KeyVersion> known = versions.Try(out var found, out _) ? [.. found.Select(one => one.Version)] : [];
            stone = await first.Tombstones.KeepAsync(name, known, cancellation);
        }

        var deleted = await keys.DeleteAsync(name, cancellation);
        if (deleted.Try(out var bin, out var refusal))
        {
            return InBin(name, stone, bin);
        }

        return refusal is VaultFailures.TenantKeyMissing ? await StandingAsync(name, stone, cancellation) : refusal;
    }

    public async ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation)
    {
        var name = VaultKeyName.Of(tenant);
        return await first.Tombstones.FindAsync(name, cancellation) is { } stone
            ? await StandingAsync(name, stone, cancellation)
            : null;
    }

    private static KeyDestruction InBin(VaultKeyName name, KeyTombstone stone, DeletedVaultKey bin) =>
        new(name.Text, stone.At, stone.Versions, DestroyedKeyRemains.InBin, bin.PurgeAt, bin.IsPurgeProtected);

    private async ValueTask<KeyDestruction> StandingAsync(VaultKeyName name, KeyTombstone stone, CancellationToken cancellation)
    {
        if (await keys.FindDeletedAsync(name, cancellation) is { } bin)
        {
            return InBin(name, stone, bin);
        }

        var remains = (await keys.FindAsync(name, cancellation)).Failure switch
        {
            null or VaultFailures.TenantKeyDisabled => DestroyedKeyRemains.Everything,
            VaultFailures.TenantKeyMissing when time.GetUtcNow() - stone.At >= Settling => DestroyedKeyRemains.Nothing,
            _ => throw new KeyStoreUnavailableException(new KeyStoreFailures.KeyInTransit()),
        };
        return new KeyDestruction(name.Text, stone.At, stone.Versions, remains);
    }

    /// <summary>Oldest first. Times are whole seconds, so the one that wraps is asked for by itself.</summary>
    private async ValueTask<Outcome<List<VaultKey>>> OrderedAsync(VaultKeyName name, CancellationToken cancellation)
    {
        if (!(await keys.VersionsAsync(name, cancellation)).Try(out var versions, out var why))
        {
            return why;
        }

        var newest = await keys.FindAsync(name, cancellation);
        return versions
            .OrderBy(one => newest.Try(out var last, out _) && one.Version == last.Version)
            .ThenBy(static one => one.CreatedAt)
            .ToList();
    }

    /// <summary>A key that is not there may have been destroyed. The shelf is asked only then.</summary>
    private async ValueTask<Failure> WhyAsync(VaultKeyName name, Failure why, CancellationToken cancellation) =>
        why is VaultFailures.TenantKeyMissing or VaultFailures.TenantKeyDeleted
        && await first.Tombstones.FindAsync(name, cancellation) is not null
            ? new VaultFailures.TenantKeyDestroyed()
            : why;
}
