using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>
/// Names one blob: 1–4 segments of <c>[a-z0-9._-]</c>, joined by <c>/</c>, none of them dots only or over 200
/// characters.
/// </summary>
internal readonly record struct BlobName(string Text);

/// <summary>
/// One tenant's blobs: bytes the store never looks into. A blob appears whole or not at all, and only once its
/// writer completed. Writing an existing name is refused: blobs do not change.
/// </summary>
internal interface IBlobs
{
    TenantId Tenant { get; }

    /// <summary>Stores the stream under the name. False when the name is taken (nothing is changed then).</summary>
    ValueTask<bool> WriteAsync(BlobName name, Stream content, CancellationToken cancellation);

    /// <summary>
    /// A stream over the content, or null when there is none. It knows its length and may be read at any place
    /// (<see cref="Stream.CanSeek"/>). The caller disposes it.
    /// </summary>
    ValueTask<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation);

    /// <summary>True when there was one.</summary>
    ValueTask<bool> DeleteAsync(BlobName name, CancellationToken cancellation);

    /// <summary>Names that begin with the prefix, in ordinal order.</summary>
    IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation);
}
