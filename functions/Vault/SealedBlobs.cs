using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// One tenant's blobs, sealed on the way in and opened on the way out, of any length and never held whole. A blob is sealed
/// for kind = <c>blob</c>, id = its name, field = <c>content</c>, schema 1: one that is copied to another name or tenant does
/// not open. Open it for one piece of work, as the keys it holds.
/// </summary>
internal sealed class SealedBlobs
{
    private readonly IBlobs blobs;
    private readonly TenantKeys keys;
    private readonly Purpose purpose;

    /// <exception cref="ArgumentException">Blobs and keys are of two tenants.</exception>
    public SealedBlobs(IBlobs blobs, TenantKeys keys, Purpose purpose)
    {
        if (blobs.Tenant != keys.Tenant)
        {
            throw new ArgumentException("Blobs and keys belong to two tenants.", nameof(keys));
        }

        (this.blobs, this.keys, this.purpose) = (blobs, keys, purpose);
    }

    public TenantId Tenant => blobs.Tenant;

    /// <summary>Stores the content sealed. False when the name is taken; nothing is changed then.</summary>
    /// <param name="plain">Stays its owner's: it is not closed.</param>
    public async ValueTask<bool> WriteAsync(BlobName name, Stream plain, CancellationToken cancellation)
    {
        await using var sealing = SealedStreams.Seal(keys, purpose, PlaceOf(name), plain);
        return await blobs.WriteAsync(name, sealing, cancellation);
    }

    /// <summary>
    /// A stream over the content, or null when there is none. The caller disposes it, and drops what it read of one that
    /// throws.
    /// </summary>
    /// <exception cref="TamperedStreamException">
    /// There is one that does not open; also thrown while reading, where a change or a cut is come upon.
    /// </exception>
    public async ValueTask<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation)
    {
        if (await blobs.OpenReadAsync(name, cancellation) is not { } stored)
        {
            return null;
        }

        var opened = await SealedStreams.OpenAsync(keys, purpose, PlaceOf(name), stored, cancellation);
        return opened.Failure switch
        {
            null => opened.Expect(),

            // A later program's format, or a key that these keys do not have: nothing was tampered with.
            VaultFailures.UnknownVersion or VaultFailures.UnknownSuite or VaultFailures.UnknownGeneration =>
                throw new UnexpectedFailureException(opened.Failure),
            _ => throw new TamperedStreamException(),
        };
    }

    /// <summary>True when there was one.</summary>
    public ValueTask<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => blobs.DeleteAsync(name, cancellation);

    private static SealContext PlaceOf(BlobName name) => new("blob", name.Text, "content", 1);
}
