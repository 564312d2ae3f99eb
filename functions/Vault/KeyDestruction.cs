using System.Collections.Immutable;

namespace PracticPro.Vault;

/// <summary>What is left of a key that was destroyed.</summary>
internal enum DestroyedKeyRemains
{
    /// <summary>Nothing: nobody can bring it back out of the store.</summary>
    Nothing,

    /// <summary>It lies in the store's bin, and a person can bring it back until <see cref="KeyDestruction.RecoverableUntil"/>.</summary>
    InBin,

    /// <summary>It is there: the destruction broke off before it was deleted, or somebody brought it back since.</summary>
    Everything,
}

/// <summary>How a key stands whose destruction was begun.</summary>
/// <param name="KeyName">What the store calls the key.</param>
/// <param name="BegunAt">When it was first asked for.</param>
/// <param name="Versions">What the key had then, oldest first; empty when it lay in the bin already.</param>
/// <param name="RecoverableUntil">When the store lets go of it; null unless it lies in the bin.</param>
/// <param name="IsProtected">Nobody can bring that moment forward. False unless it lies in the bin.</param>
internal sealed record KeyDestruction(
    string KeyName,
    DateTimeOffset BegunAt,
    ImmutableArray<KeyVersion> Versions,
    DestroyedKeyRemains Remains,
    DateTimeOffset? RecoverableUntil = null,
    bool IsProtected = false);

/// <summary>A version of a tenant's key, as the store tells it.</summary>
/// <param name="IsOn">Off, it unwraps nothing.</param>
/// <param name="CreatedAt">Null where the store does not keep it.</param>
internal sealed record TenantKeyVersion(KeyVersion Version, bool IsOn, DateTimeOffset? CreatedAt);
