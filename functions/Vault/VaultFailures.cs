using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Every expected way in which the vault says no. None of them carries a place, an id or a byte of what was given,
/// and none of them ever leads to a value being taken as it is.
/// </summary>
internal static class VaultFailures
{
    /// <summary>Fewer bytes than a header and a tag.</summary>
    internal sealed record SealedTooShort()
        : Failure.Invalid("sealed-too-short", "These bytes are too few to be a sealed value.");

    /// <summary>First byte: a format this program does not know.</summary>
    internal sealed record UnknownVersion()
        : Failure.Invalid("sealed-version-unknown", "This value was sealed in a format this program does not know.");

    /// <summary>Second byte: algorithms this program does not know.</summary>
    internal sealed record UnknownSuite()
        : Failure.Invalid("sealed-suite-unknown", "This value was sealed with algorithms this program does not know.");

    /// <summary>
    /// The tenant has no data key of that generation here: rotated away, destroyed, or newer than these keys.
    /// </summary>
    internal sealed record UnknownGeneration()
        : Failure.Refused("key-generation-unknown", "The key this value names is not among this tenant's keys.");

    /// <summary>The commitment is another key's. Nothing was decrypted.</summary>
    internal sealed record WrongKey()
        : Failure.Refused("sealed-under-another-key", "This value was sealed under another key.");

    /// <summary>Right key, but the bytes or their place are not those that were sealed.</summary>
    internal sealed record NotAuthentic()
        : Failure.Refused("sealed-not-authentic", "This value was changed, or belongs to another place.");

    /// <summary>The tenant has no key-encryption key.</summary>
    internal sealed record TenantKeyMissing()
        : Failure.Refused("tenant-key-missing", "This tenant's key is not in the key store.");

    /// <summary>The tenant has one, but not of that version.</summary>
    internal sealed record TenantKeyVersionUnknown()
        : Failure.Refused("tenant-key-version-unknown", "This version of the tenant's key is not in the key store.");

    /// <summary>The tenant's key, or the version asked for, is switched off or out of its time.</summary>
    internal sealed record TenantKeyDisabled()
        : Failure.Refused(
            "tenant-key-disabled",
            "This tenant's key is disabled in the key store. Nothing opens until it is enabled there again.");

    /// <summary>The tenant's key lies in the key store's bin, from which it can be recovered for a time.</summary>
    internal sealed record TenantKeyDeleted()
        : Failure.Refused(
            "tenant-key-deleted",
            "This tenant's key was deleted in the key store. Nothing opens unless it is recovered before its purge date.");

    /// <summary>The tenant's key was destroyed on purpose. It never gets another.</summary>
    internal sealed record TenantKeyDestroyed()
        : Failure.Gone(
            "tenant-key-destroyed",
            "This practice's keys were destroyed on purpose. What was kept for it cannot be opened any more, by anybody.");

    /// <summary>The newest version was to be switched off: nothing could be wrapped any more.</summary>
    internal sealed record TenantKeyVersionNewest()
        : Failure.Refused(
            "tenant-key-version-newest",
            "The newest version of a tenant's key cannot be switched off. Renew the key first.");

    /// <summary>
    /// A wrapped data key does not unwrap, or was wrapped for another tenant, use, generation or version.
    /// </summary>
    internal sealed record WrappedKeyNotAuthentic()
        : Failure.Refused("wrapped-key-not-authentic", "A stored data key was changed, or belongs to another place.");
}
