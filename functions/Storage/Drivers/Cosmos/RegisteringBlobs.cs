using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>Blobs of another driver, whose tenant is registered before the first of them is written.</summary>
internal sealed class RegisteringBlobs(IBlobs inner, Placements placements) : IBlobs
{
    public TenantId Tenant => inner.Tenant;

    public async ValueTask<bool> WriteAsync(BlobName name, Stream content, CancellationToken cancellation)
    {
        if (await placements.FindAsync(Tenant, cancellation) is null or { State: PlacementState.New })
        {
            await placements.ForWritingAsync(Tenant, cancellation);
        }

        return await inner.WriteAsync(name, content, cancellation);
    }

    public ValueTask<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation) =>
        inner.OpenReadAsync(name, cancellation);

    public ValueTask<bool> DeleteAsync(BlobName name, CancellationToken cancellation) =>
        inner.DeleteAsync(name, cancellation);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) =>
        inner.ListAsync(prefix, cancellation);
}
