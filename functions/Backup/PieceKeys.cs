using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Backup;

/// <summary>
/// A key for each piece, wrapped by its tenant's key-encryption key. It never depends on a data key that lies inside what
/// is backed up, and it is gone with the tenant's key: destroying that makes every backup of the tenant unreadable (ENC-4).
/// </summary>
internal sealed class PieceKeys(IKeyEncryption encryption)
{
    /// <summary>
    /// Whose key seals what is no tenant's: the fleet's file and the head. A reserved id that no practice can have, since
    /// theirs are made by <see cref="TenantId.New"/>; it holds nothing else.
    /// </summary>
    public static readonly TenantId Platform = TenantId.Parse("platform-backup");

    private static readonly WrapContext Context = new("backup", 1);

    /// <summary>
    /// A fresh key, or <see cref="VaultFailures.TenantKeyMissing"/>: a tenant whose key is gone gets no new one here.
    /// </summary>
    public async ValueTask<Outcome<PieceKey>> NewAsync(TenantId owner, CancellationToken cancellation)
    {
        if (owner == Platform)
        {
            await encryption.EnsureAsync(Platform, cancellation);
        }

        var key = SecretBytes.Random(PieceFormat.KeyBytes);
        var outcome = await encryption.WrapAsync(owner, key.RevealMemory("to wrap it"), Context, cancellation);
        if (!outcome.Try(out var wrapped, out var why))
        {
            key.Dispose();
            return why;
        }

        return new PieceKey(key, wrapped);
    }

    /// <summary>The key of a piece, or the failure of <see cref="IKeyEncryption.UnwrapAsync"/>.</summary>
    public ValueTask<Outcome<SecretBytes>> OpenAsync(
        TenantId owner, PieceHeader header, CancellationToken cancellation) =>
        encryption.UnwrapAsync(owner, header.Wrapped, Context, cancellation);
}

/// <summary>A key that seals one piece, and what is stored of it.</summary>
internal sealed record PieceKey(SecretBytes Key, WrappedKey Wrapped) : IDisposable
{
    public PieceHeader Header(PieceKind kind, string stream, long at) =>
        new(kind, stream, at, Wrapped.Version, Wrapped.Bytes.ToArray());

    public void Dispose() => Key.Dispose();
}
