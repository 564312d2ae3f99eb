using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using PracticPro.Kernel;
using PracticPro.Storage.Drivers.StorageAccount;

namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>
/// One tenant's blobs in a storage account. Audit blobs are written together with the policy that holds them, so none is
/// ever there without it. Bytes are stored as they come: whoever writes has sealed them.
/// </summary>
internal sealed class AzureBlobs(TenantId tenant, BlobContainers containers, AuditPolicy policy, TimeProvider time, int pageSize)
    : IBlobs
{
    /// <summary>Bytes asked for at once by a reader; as many as the service gives a checksum for.</summary>
    private const int ReadBytes = 4 << 20;

    public TenantId Tenant { get; } = tenant;

    public ValueTask<bool> WriteAsync(BlobName name, Stream content, CancellationToken cancellation) =>
        new BlobUpload(containers.BlobOf(Tenant, name), PolicyOf(name)).RunAsync(content, cancellation);

    public async ValueTask<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation)
    {
        var blob = containers.BlobOf(Tenant, name);
        try
        {
            // Each piece is asked for by itself, on the condition that the blob is the same, and begun again where it broke off.
            return new BlobReadStream(await blob.OpenReadAsync(
                new BlobOpenReadOptions(allowModifications: false)
                {
                    BufferSize = ReadBytes,
                    TransferValidation = new DownloadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
                },
                cancellation));
        }
        catch (RequestFailedException missing) when (AccountTrouble.IsMissing(missing, BlobErrorCode.BlobNotFound.ToString()))
        {
            return null;
        }
        catch (Exception trouble) when (AccountTrouble.IsTrouble(trouble, cancellation))
        {
            throw AccountTrouble.Explain(trouble);
        }
    }

    /// <summary>A delete whose answer was lost and that was tried again may say false of a blob it deleted itself.</summary>
    /// <exception cref="BlobRetainedException">It must be kept.</exception>
    public ValueTask<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        var blob = containers.BlobOf(Tenant, name);
        return AccountTrouble.AroundAsync(
            async () =>
            {
                try
                {
                    await blob.DeleteAsync(cancellationToken: cancellation);
                    return true;
                }
                catch (RequestFailedException missing) when (AccountTrouble.IsMissing(missing, BlobErrorCode.BlobNotFound.ToString()))
                {
                    return false;
                }
            },
            cancellation);
    }

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => BlobContainers.Holding(prefix)
        .Select(container => NamesAsync(container, prefix, cancellation))
        .Aggregate((one, other) => Merged(one, other, cancellation))
        .Select(static name => new BlobName(name));

    // The service lists a container in ordinal order; so two containers are walked side by side.
    private static async IAsyncEnumerable<string> Merged(
        IAsyncEnumerable<string> one, IAsyncEnumerable<string> other, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var left = one.GetAsyncEnumerator(cancellation);
        await using var right = other.GetAsyncEnumerator(cancellation);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        while (hasLeft || hasRight)
        {
            if (hasLeft && (!hasRight || string.CompareOrdinal(left.Current, right.Current) < 0))
            {
                yield return left.Current;
                hasLeft = await left.MoveNextAsync();
            }
            else
            {
                yield return right.Current;
                hasRight = await right.MoveNextAsync();
            }
        }
    }

    private async IAsyncEnumerable<string> NamesAsync(
        string container, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var folder = BlobContainers.FolderOf(Tenant);
        var pages = containers[container]
            .GetBlobsAsync(new GetBlobsOptions { Prefix = folder + prefix }, cancellation)
            .AsPages(pageSizeHint: pageSize);
        await using var page = pages.GetAsyncEnumerator(cancellation);
        while (await AccountTrouble.AroundAsync(async () => await page.MoveNextAsync(), cancellation))
        {
            foreach (var blob in page.Current.Values)
            {
                yield return blob.Name[folder.Length..];
            }
        }
    }

    /// <summary>What holds the blob from its first moment; null for most.</summary>
    private BlobImmutabilityPolicy? PolicyOf(BlobName name) =>
        policy is AuditPolicy.Off || BlobContainers.RuleOf(name).Name != BlobLifecycle.Audit
            ? null
            : new BlobImmutabilityPolicy
            {
                // The service keeps whole seconds: one more, so that it is never less.
                ExpiresOn = time.GetUtcNow().AddDays(BlobLifecycle.AuditRetentionDays).AddSeconds(1),
                PolicyMode = policy is AuditPolicy.Locked ? BlobImmutabilityPolicyMode.Locked : BlobImmutabilityPolicyMode.Unlocked,
            };
}
