namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>What kind of key is made.</summary>
internal enum VaultKeyKind
{
    /// <summary>RSA that wraps and unwraps, and may do nothing else.</summary>
    Wrapping,

    /// <summary>EC on P-256 that signs and verifies.</summary>
    Signing,
}

/// <summary>A version of a key as the vault shows it, without what is secret.</summary>
/// <param name="X">The point of an EC key, 32 bytes; empty for RSA.</param>
/// <param name="Y">As <paramref name="X"/>.</param>
internal sealed record VaultKey(
    KeyVersion Version, bool IsEnabled, DateTimeOffset CreatedAt, ReadOnlyMemory<byte> X = default, ReadOnlyMemory<byte> Y = default);

/// <summary>A deleted key: what is sealed under it can be opened again until <see cref="PurgeAt"/>, if it is recovered.</summary>
/// <param name="PurgeAt">From then on it is gone for good, and what it wrapped with it.</param>
/// <param name="IsPurgeProtected">Nobody can bring that moment forward.</param>
internal sealed record DeletedVaultKey(DateTimeOffset DeletedAt, DateTimeOffset PurgeAt, bool IsPurgeProtected);

/// <summary>When the vault makes a new version by itself.</summary>
/// <param name="RotateAfter">From the creation of the newest version, in whole days; null: never.</param>
/// <param name="ExpireAfter">When a new version's time ends; null: never. We set none: an expired key wraps nothing.</param>
internal sealed record VaultKeyRotation(TimeSpan? RotateAfter, TimeSpan? ExpireAfter = null);
