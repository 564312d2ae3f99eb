using System.Runtime.CompilerServices;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Support;

internal sealed class MemoryBlobs(TenantId tenant, Lock gate) : IBlobs
{
    private readonly SortedDictionary<string, byte[]> blobs = new(StringComparer.Ordinal);

    public TenantId Tenant => tenant;

    public async ValueTask<bool> WriteAsync(BlobName name, Stream content, CancellationToken cancellation)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellation);
        lock (gate)
        {
            return blobs.TryAdd(name.Text, copy.ToArray());
        }
    }

    public ValueTask<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation)
    {
        lock (gate)
        {
            return ValueTask.FromResult<Stream?>(
                blobs.TryGetValue(name.Text, out var bytes) ? new MemoryStream(bytes, writable: false) : null);
        }
    }

    public ValueTask<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        lock (gate)
        {
            return ValueTask.FromResult(blobs.Remove(name.Text));
        }
    }

    public async IAsyncEnumerable<BlobName> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<string> names;
        lock (gate)
        {
            names = [.. blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        }

        foreach (var name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new BlobName(name);
            await Task.CompletedTask;
        }
    }
}
