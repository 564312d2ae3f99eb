using Azure.Core;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>
/// The blobs of all tenants in one storage account, opened once for the program. It signs in as itself; no key and no
/// signed address of a blob is ever made: content is read and written through the program alone.
/// </summary>
internal sealed class AzureBlobStore
{
    private readonly BlobContainers containers;
    private readonly AuditPolicy policy;
    private readonly TimeProvider time;

    private AzureBlobStore(BlobContainers containers, AuditPolicy policy, TimeProvider time)
    {
        (this.containers, this.policy, this.time) = (containers, policy, time);
        WriteOnce = new WriteOnceBlobs(containers[BlobLifecycle.Platform]);
    }

    /// <summary>What the program itself keeps.</summary>
    public WriteOnceBlobs WriteOnce { get; }

    /// <summary>Names asked for at once by a list. For tests: the service gives at most 5,000.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Opens the account and sees that its containers are there.</summary>
    /// <param name="doors">Makes a handler that leads to one address and nowhere else.</param>
    /// <exception cref="StorageUnavailableException">The account cannot be used, or is not as it should be.</exception>
    public static async Task<AzureBlobStore> OpenAsync(
        AzureBlobOptions options, TokenCredential credential, Func<Uri, HttpMessageHandler> doors, TimeProvider time,
        CancellationToken cancellation)
    {
        var containers = new BlobContainers(options, credential, doors);
        await containers.VerifyAsync(options, cancellation);
        return new AzureBlobStore(containers, options.AuditPolicy ?? AuditPolicy.Locked, time);
    }

    public IBlobs For(TenantId tenant) => new AzureBlobs(tenant, containers, policy, time, PageSize);

    /// <summary>For incidents: holds the tenant's audit blobs in their place beyond their time.</summary>
    public AuditHold HoldOf(TenantId tenant) => new(tenant, containers);
}
