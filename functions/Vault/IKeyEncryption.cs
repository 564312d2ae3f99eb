using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// The key-encryption keys of tenants, kept where their bytes never leave: it wraps and unwraps other keys and does
/// nothing else. One chain of versions a tenant; the newest wraps, each existing one unwraps.
/// <list type="bullet">
/// <item>Atomic and durable: a version that was answered once is there after a crash.</item>
/// <item>Idempotent: <see cref="EnsureAsync"/> by tenant; wrapping twice gives two different texts of one key.</item>
/// <item>Ordering: none between tenants; versions of a tenant never go back.</item>
/// <item>A retry after an exception may find what the first try made.</item>
/// <item>A missing key is a failure, never a reason to make one: only <see cref="EnsureAsync"/> makes a first
/// key. Nor is a disabled or deleted one. A tenant whose key was destroyed never gets another: the store keeps a mark
/// of it that outlives the key, and every call but <see cref="DestroyAsync"/> and <see cref="FindDestructionAsync"/> is
/// refused with <see cref="VaultFailures.TenantKeyDestroyed"/> from then on, unless somebody brought the key back in
/// the store itself: that is seen by <see cref="FindDestructionAsync"/>.</item>
/// <item>A store that cannot be asked now is an accident: every call may throw
/// <see cref="KeyStoreUnavailableException"/>.</item>
/// </list>
/// </summary>
internal interface IKeyEncryption
{
    /// <summary>The newest version; a first one is made when the tenant has none. Many at once agree on one.</summary>
    /// <exception cref="UnexpectedFailureException">
    /// There is one that may not be used: <see cref="VaultFailures.TenantKeyDisabled"/>,
    /// <see cref="VaultFailures.TenantKeyDeleted"/>, <see cref="VaultFailures.TenantKeyDestroyed"/>.
    /// </exception>
    ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Makes a further version, which wraps from now on. Earlier ones go on unwrapping.</summary>
    /// <returns>
    /// The new version, or <see cref="VaultFailures.TenantKeyMissing"/>, <see cref="VaultFailures.TenantKeyDisabled"/>,
    /// <see cref="VaultFailures.TenantKeyDeleted"/>.
    /// </returns>
    ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Wraps under the newest version, bound to the context and that version.</summary>
    /// <returns>
    /// The wrapped key, or <see cref="VaultFailures.TenantKeyMissing"/>, <see cref="VaultFailures.TenantKeyDisabled"/>,
    /// <see cref="VaultFailures.TenantKeyDeleted"/>.
    /// </returns>
    ValueTask<Outcome<WrappedKey>> WrapAsync(
        TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation);

    /// <summary>
    /// Unwraps if tenant, context and version are those it was wrapped for. The caller disposes the key.
    /// </summary>
    /// <returns>
    /// The key, or <see cref="VaultFailures.TenantKeyMissing"/>, <see cref="VaultFailures.TenantKeyVersionUnknown"/>,
    /// <see cref="VaultFailures.TenantKeyDisabled"/>, <see cref="VaultFailures.TenantKeyDeleted"/>,
    /// <see cref="VaultFailures.WrappedKeyNotAuthentic"/>.
    /// </returns>
    ValueTask<Outcome<SecretBytes>> UnwrapAsync(
        TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation);

    /// <summary>Every version there is, oldest first; the last one wraps.</summary>
    /// <returns>At least one, or <see cref="VaultFailures.TenantKeyMissing"/> and the like.</returns>
    ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>
    /// Switches a version off for good, as far as a program is concerned: it unwraps nothing any more
    /// (<see cref="VaultFailures.TenantKeyDisabled"/>). A person can switch it on again in the store itself. Done twice
    /// it is done once. Callers first make sure that nothing wrapped under it is needed.
    /// </summary>
    /// <returns>
    /// Done, or <see cref="VaultFailures.TenantKeyVersionNewest"/> for the one that wraps,
    /// <see cref="VaultFailures.TenantKeyVersionUnknown"/>, <see cref="VaultFailures.TenantKeyMissing"/> and the like.
    /// </returns>
    ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation);

    /// <summary>
    /// Destroys the tenant's key with all its versions, as far as the store lets a program do that: what the store holds
    /// back for a time is in the answer. Not to be undone by a program. Done twice, or again after a crash at any
    /// moment, it ends the same, and the moment it began stays the first one's.
    /// </summary>
    /// <returns>
    /// How the key stands, or <see cref="VaultFailures.TenantKeyMissing"/> when there is none and none was destroyed.
    /// </returns>
    ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>How a key stands whose destruction was begun, as the store tells it now; null when none was begun.</summary>
    ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation);
}
