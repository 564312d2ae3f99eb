using System.Runtime.CompilerServices;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// One tenant's blobs of one purpose, sealed on the way in and opened on the way out, of any length and never held whole. A
/// blob is sealed for kind = <c>blob</c>, id = its name, field = <c>content</c>, schema 1: one that is copied to another name
/// or tenant does not open. Open it for one piece of work, as the keys it holds.
/// <para>
/// It is stored under its name with <c>.sealed-</c> and the purpose's word behind it, so that a listing tells which key a blob
/// hangs on without its being opened. The first segment stays, since it says where the store keeps a blob, and for how long.
/// </para>
/// </summary>
internal sealed class SealedBlobs
{
    private readonly IBlobs blobs;
    private readonly TenantKeys keys;
    private readonly Purpose purpose;
    private readonly string mark;

    /// <exception cref="ArgumentException">Blobs and keys are of two tenants.</exception>
    public SealedBlobs(IBlobs blobs, TenantKeys keys, Purpose purpose)
    {
        if (blobs.Tenant != keys.Tenant)
        {
            throw new ArgumentException("Blobs and keys belong to two tenants.", nameof(keys));
        }

        (this.blobs, this.keys, this.purpose) = (blobs, keys, purpose);
        mark = ".sealed-" + purpose.Word();
    }

    public TenantId Tenant => blobs.Tenant;

    /// <summary>Stores the content sealed. False when the name is taken; nothing is changed then.</summary>
    /// <param name="plain">Stays its owner's: it is not closed.</param>
    public async ValueTask<bool> WriteAsync(BlobName name, Stream plain, CancellationToken cancellation)
    {
        await using var sealing = SealedStreams.Seal(keys, purpose, PlaceOf(name), plain);
        return await blobs.WriteAsync(Stored(name), sealing, cancellation);
    }

    /// <summary>
    /// A stream over the content, forward only, or null when there is none. The caller disposes it, and drops what it read of
    /// one that throws.
    /// </summary>
    /// <exception cref="TamperedStreamException">
    /// There is one that does not open; also thrown while reading, where a change or a cut is come upon.
    /// </exception>
    public ValueTask<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation) =>
        OpenAsync(SealedStreams.OpenAsync, name, cancellation);

    /// <summary>
    /// The same, to be read at any place. That it is whole is known when this returns; it asks the store for its last frame
    /// first, so for who reads from the beginning to the end the other is the cheaper one.
    /// </summary>
    /// <exception cref="TamperedStreamException">As of <see cref="OpenReadAsync"/>.</exception>
    public ValueTask<Stream?> OpenSeekableAsync(BlobName name, CancellationToken cancellation) =>
        OpenAsync(SealedStreams.OpenSeekableAsync, name, cancellation);

    /// <summary>True when there was one.</summary>
    public ValueTask<bool> DeleteAsync(BlobName name, CancellationToken cancellation) =>
        blobs.DeleteAsync(Stored(name), cancellation);

    /// <summary>Names of this purpose's blobs that begin with the prefix, in the store's order.</summary>
    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var name in blobs.ListAsync(prefix, cancellation))
        {
            if (name.Text.EndsWith(mark, StringComparison.Ordinal) && name.Text.Length - mark.Length >= prefix.Length)
            {
                yield return new BlobName(name.Text[..^mark.Length]);
            }
        }
    }

    /// <summary>
    /// How many blobs of this purpose may need that generation of its key: those whose header names it, and those whose header
    /// cannot be read, since nothing proves that they do not. Reads the first bytes of each blob and opens none.
    /// </summary>
    public async ValueTask<long> CountAsync(uint generation, CancellationToken cancellation)
    {
        var count = 0L;
        await foreach (var name in ListAsync(string.Empty, cancellation))
        {
            // One that is gone by now needs no key.
            if (await blobs.OpenReadAsync(Stored(name), cancellation) is { } stored)
            {
                await using (stored)
                {
                    count += await GenerationAsync(stored, cancellation) is not { } named || named == generation ? 1 : 0;
                }
            }
        }

        return count;
    }

    private static async ValueTask<uint?> GenerationAsync(Stream stored, CancellationToken cancellation)
    {
        var header = new byte[SealedFormat.HeaderBytes];
        var read = await stored.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
        return read == header.Length && header[0] == SealedFormat.Version1 && header[1] == SealedStreamFormat.Suite2
            ? SealedFormat.Generation(header)
            : null;
    }

    private static SealContext PlaceOf(BlobName name) => new("blob", name.Text, "content", 1);

    private BlobName Stored(BlobName name) => new(name.Text + mark);

    private async ValueTask<Stream?> OpenAsync(Opening open, BlobName name, CancellationToken cancellation)
    {
        if (await blobs.OpenReadAsync(Stored(name), cancellation) is not { } stored)
        {
            return null;
        }

        var opened = await open(keys, purpose, PlaceOf(name), stored, cancellation);
        return opened.Failure switch
        {
            null => opened.Expect(),

            // A later program's format, or a key that these keys do not have: nothing was tampered with.
            VaultFailures.UnknownVersion or VaultFailures.UnknownSuite or VaultFailures.UnknownGeneration =>
                throw new UnexpectedFailureException(opened.Failure),
            _ => throw new TamperedStreamException(),
        };
    }

    private delegate ValueTask<Outcome<Stream>> Opening(
        TenantKeys keys, Purpose purpose, SealContext context, Stream value, CancellationToken cancellation);
}
