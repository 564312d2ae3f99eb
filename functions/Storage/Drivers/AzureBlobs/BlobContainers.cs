using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using PracticPro.Kernel;
using PracticPro.Storage.Drivers.StorageAccount;

namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>The account's containers, opened; and where a blob lies: <c>{container}/{tenant}/{name}</c>.</summary>
internal sealed class BlobContainers
{
    private readonly Dictionary<string, BlobContainerClient> clients;

    public BlobContainers(AzureBlobOptions options, TokenCredential credential, Func<Uri, HttpMessageHandler> doors)
    {
        var home = new Uri(options.Endpoint);
        var service = new BlobServiceClient(
            home, credential, new BlobClientOptions().Through(doors(home), options.Patience, options.Retries));
        clients = BlobLifecycle.All.ToDictionary(
            static rule => rule.Name, rule => service.GetBlobContainerClient(options.ContainerPrefix + rule.Name), StringComparer.Ordinal);
    }

    public BlobContainerClient this[string container] => clients[container];

    public static string FolderOf(TenantId tenant) => tenant.Text + '/';

    /// <summary>Containers that may hold names with that prefix.</summary>
    public static IEnumerable<string> Holding(string prefix) => BlobLifecycle.All
        .Where(static rule => rule.Name != BlobLifecycle.Platform)
        .Where(rule => rule.FirstSegment is { } first
            ? Meet(first + '/', prefix)
            : !BlobLifecycle.All.Any(other => other.FirstSegment is { } taken && prefix.StartsWith(taken + '/', StringComparison.Ordinal)))
        .Select(static rule => rule.Name);

    /// <summary>The rule of the container that a tenant's blob of that name lies in.</summary>
    public static ContainerRule RuleOf(BlobName name)
    {
        // One segment alone is a blob, and lies with the others.
        var segments = StorageLimits.Segments(name);
        var first = segments.Length > 1 ? segments[0] : null;
        return BlobLifecycle.All.FirstOrDefault(rule => first is not null && rule.FirstSegment == first)
            ?? BlobLifecycle.All.Single(static rule => rule.Name == BlobLifecycle.Records);
    }

    public BlockBlobClient BlobOf(TenantId tenant, BlobName name) =>
        clients[RuleOf(name).Name].GetBlockBlobClient(FolderOf(tenant) + name.Text);

    /// <summary>Sees that every container is there, and that the account holds fast what must not be deleted.</summary>
    /// <exception cref="StorageUnavailableException">One is missing, is not immutable, or cannot be asked.</exception>
    public async Task VerifyAsync(AzureBlobOptions options, CancellationToken cancellation)
    {
        foreach (var rule in BlobLifecycle.All)
        {
            var properties = await AccountTrouble.AroundAsync(
                () => PropertiesAsync(clients[rule.Name], options.CreateMissing, cancellation), cancellation);
            if (rule.Name == BlobLifecycle.Audit && options.AuditPolicy is not AuditPolicy.Off && !properties.HasImmutableStorageWithVersioning)
            {
                throw new StorageUnavailableException("the container of audit blobs is not immutable");
            }
        }
    }

    private static bool Meet(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);

    private static async Task<BlobContainerProperties> PropertiesAsync(
        BlobContainerClient container, bool create, CancellationToken cancellation)
    {
        try
        {
            return await container.GetPropertiesAsync(cancellationToken: cancellation);
        }
        catch (RequestFailedException missing) when (create && AccountTrouble.IsMissing(missing, "ContainerNotFound"))
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            return await container.GetPropertiesAsync(cancellationToken: cancellation);
        }
    }
}
