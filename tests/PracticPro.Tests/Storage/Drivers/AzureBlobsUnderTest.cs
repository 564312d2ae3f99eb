using System.Security.Cryptography;
using Azure.Identity;
using Azure.Storage.Blobs;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.AzureBlobs;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>The blobs of an account on this machine, in containers of their own. There is nothing but blobs.</summary>
internal sealed class AzureBlobsUnderTest : StoreUnderTest
{
    private AzureBlobStore? store;

    /// <summary>Before each container's name, and so in the path of every call.</summary>
    public string Prefix { get; } = AzuriteOfTests.NewName();

    public AuditPolicy Policy { get; init; } = AuditPolicy.Off;

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    public int PageSize { get; init; } = 1000;

    public override string? Missing => AzuriteOfTests.Missing;

    public override IStorage Storage => new BlobsOnly(Opened);

    public override IFleet Fleet => throw new NotSupportedException("Blobs know no fleet.");

    public AzureBlobStore Opened => store ?? throw new InvalidOperationException("The store is not open.");

    public AzureBlobOptions Options => new()
    {
        Endpoint = AzuriteOfTests.Server.BlobEndpoint.AbsoluteUri,
        AuditPolicy = Policy,
        CreateMissing = true,
        ContainerPrefix = Prefix,
        Patience = Patience,
        Retries = 2,
    };

    public override ValueTask OpenCleanAsync() => ReopenAsync();

    public override async ValueTask ReopenAsync()
    {
        store = await AzureBlobStore.OpenAsync(
            Options, AzuriteOfTests.Server.Credential(), AzuriteOfTests.Server.Doors(), Clock, CancellationToken.None);
        store.PageSize = PageSize;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>
/// A real account, named by <c>PRACTICPRO_TEST_BLOB</c> (its blob endpoint), used as whoever is signed in here. The containers
/// are made and deleted again.
/// </summary>
internal sealed class RealBlobsUnderTest : StoreUnderTest
{
    private const string Setting = "PRACTICPRO_TEST_BLOB";
#pragma warning disable RS0030 // Tests have no configuration of their own.
    private static readonly string? Endpoint = Environment.GetEnvironmentVariable(Setting);
#pragma warning restore RS0030
    private readonly string prefix = $"practicpro-test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}-";
    private AzureBlobStore? store;

    public override string? Missing => Endpoint is null ? $"{Setting} does not name a storage account" : null;

    public override IStorage Storage => new BlobsOnly(store!);

    public override IFleet Fleet => throw new NotSupportedException("Blobs know no fleet.");

    public override ValueTask OpenCleanAsync() => ReopenAsync();

    public override async ValueTask ReopenAsync() => store = await AzureBlobStore.OpenAsync(
        new AzureBlobOptions { Endpoint = Endpoint!, AuditPolicy = AuditPolicy.Off, CreateMissing = true, ContainerPrefix = prefix },
        new DefaultAzureCredential(), static home => PlatformDoor.Only(home), Clock, CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        var service = new BlobServiceClient(new Uri(Endpoint!), new DefaultAzureCredential());
        foreach (var rule in BlobLifecycle.All)
        {
            await service.GetBlobContainerClient(prefix + rule.Name).DeleteIfExistsAsync();
        }
    }
}

/// <summary>A storage of blobs and nothing else.</summary>
internal sealed class BlobsOnly(AzureBlobStore store) : IStorage
{
    public ITenantStorage For(TenantId tenant) => new OfTenant(tenant, store.For(tenant));

    private sealed record OfTenant(TenantId Tenant, IBlobs Blobs) : ITenantStorage
    {
        public IDocuments Documents => throw new NotSupportedException();

        public IAppendLog Logs => throw new NotSupportedException();

        public IQueue Queue => throw new NotSupportedException();

        public ILeases Leases => throw new NotSupportedException();
    }
}

public sealed class AzureBlobsTests : BlobsContract
{
    private protected override StoreUnderTest Make() => new AzureBlobsUnderTest();
}

public sealed class RealAzureBlobsTests : BlobsContract
{
    private protected override StoreUnderTest Make() => new RealBlobsUnderTest();
}
