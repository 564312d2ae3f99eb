using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using PracticPro.Storage.Drivers.StorageAccount;

namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>
/// A few small values that the whole program must agree on for ever: whoever writes a name first has decided it, and
/// everybody else, and everybody later, is told that value.
/// </summary>
internal sealed class WriteOnceBlobs(BlobContainerClient container)
{
    public const int MaximumBytes = 64 * 1024;

    /// <summary>The value that was kept first under the name: this one, unless there was one before.</summary>
    /// <param name="name">As a blob's name.</param>
    /// <param name="value">At most <see cref="MaximumBytes"/>. Sealed or wrapped, if it is a secret.</param>
    /// <exception cref="StorageUnavailableException">It may or may not have been kept; ask again.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> KeepAsync(
        string name, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        StorageLimits.Segments(new BlobName(name));
        if (value.Length > MaximumBytes)
        {
            throw new TooLargeToStoreException("A value to keep", MaximumBytes);
        }

        return await AccountTrouble.AroundAsync(() => KeepFirstAsync(container.GetBlobClient(name), value, cancellation), cancellation);
    }

    /// <summary>The value that was kept under the name, or null when none was.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation)
    {
        StorageLimits.Segments(new BlobName(name));
        return await AccountTrouble.AroundAsync(() => ReadAsync(container.GetBlobClient(name), cancellation), cancellation);
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(BlobClient blob, CancellationToken cancellation)
    {
        try
        {
            var kept = await blob.DownloadContentAsync(cancellation);
            return kept.Value.Content.ToMemory();
        }
        catch (RequestFailedException missing) when (AccountTrouble.IsMissing(missing, "BlobNotFound"))
        {
            return null;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> KeepFirstAsync(
        BlobClient blob, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        try
        {
            await blob.UploadAsync(
                BinaryData.FromBytes(value),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellation);
            return value;
        }
        catch (RequestFailedException taken) when (AccountTrouble.IsTaken(taken))
        {
            var kept = await blob.DownloadContentAsync(cancellation);
            return kept.Value.Content.ToMemory();
        }
    }
}
