using Azure.Storage.Blobs.Models;
using PracticPro.Kernel;
using PracticPro.Storage.Drivers.StorageAccount;

namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>
/// Legal hold on one tenant's audit blobs: while it is set none of them can be deleted, also when its time has passed, and
/// whatever their policy. It is set on blobs that are there; those written later are held by their policy, and by setting
/// it again. Setting and ending go blob by blob and may be run again after trouble.
/// </summary>
internal sealed class AuditHold(TenantId tenant, BlobContainers containers)
{
    /// <summary>Returns how many are held.</summary>
    public ValueTask<int> SetAsync(CancellationToken cancellation) => ToAsync(held: true, cancellation);

    /// <summary>Returns how many were let go.</summary>
    public ValueTask<int> EndAsync(CancellationToken cancellation) => ToAsync(held: false, cancellation);

    private ValueTask<int> ToAsync(bool held, CancellationToken cancellation) => AccountTrouble.AroundAsync(
        async () =>
        {
            var container = containers[BlobLifecycle.Audit];
            var count = 0;
            await foreach (var blob in container.GetBlobsAsync(
                new GetBlobsOptions { Prefix = BlobContainers.FolderOf(tenant) }, cancellation))
            {
                await container.GetBlobClient(blob.Name).SetLegalHoldAsync(held, cancellation);
                count++;
            }

            return count;
        },
        cancellation);
}
