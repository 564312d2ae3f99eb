using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>
/// The Cosmos driver over a real account, by whoever is signed in. Its database <c>practicpro-tests</c> must be there with
/// the containers of <see cref="CosmosLayout"/>; everything in them is deleted before each test.
/// </summary>
internal sealed class CosmosServiceStore : StoreUnderTest
{
    private const string Variable = "PRACTICPRO_TEST_COSMOS";
    private readonly ConcurrentDictionary<TenantId, IBlobs> blobs = new();
    private readonly Lock gate = new();
    private CosmosStorage? storage;

    public override string? Missing => Endpoint is null
        ? $"No account of the real service: set {Variable} to the endpoint of one that may be emptied."
        : null;

    public override IStorage Storage => Opened;

    public override IFleet Fleet => Opened.Fleet;

    private static string? Endpoint => Environment.GetEnvironmentVariables()[Variable] as string;

    private static CosmosOptions Options => new()
    {
        Endpoint = Endpoint!,
        Database = "practicpro-tests",
        PlacementLifetime = TimeSpan.FromMilliseconds(100),
    };

    private CosmosStorage Opened => storage ?? throw new InvalidOperationException("The store is not open.");

    public override async ValueTask OpenCleanAsync()
    {
        using (var account = CosmosAccount.Open(Options, Credential(), Client))
        {
            await EmptyAsync(account.Records(HomeName.Shared), "tenant");
            await EmptyAsync(account.Fleet, "p");
        }

        storage = await OpenAsync();
    }

    public override async ValueTask ReopenAsync()
    {
        await Opened.DisposeAsync();
        storage = await OpenAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (storage is not null)
        {
            await storage.DisposeAsync();
        }
    }

    private static DefaultAzureCredential Credential() => new();

    private static HttpClient Client(Uri home) => PlatformDoor.ClientOver(PlatformDoor.OnlyAccount(home));

    private static async Task EmptyAsync(Container container, string partition)
    {
        using var pages = container.GetItemQueryStreamIterator($"SELECT c.id, c.{partition} AS p FROM c");
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(TestContext.Current.CancellationToken);
            page.EnsureSuccessStatusCode();
            using var rows = await JsonDocument.ParseAsync(page.Content);
            foreach (var row in rows.RootElement.GetProperty("Documents").EnumerateArray())
            {
                using var deleted = await container.DeleteItemStreamAsync(
                    row.GetProperty("id").GetString(), new PartitionKey(row.GetProperty("p").GetString()));
            }
        }
    }

    private async Task<CosmosStorage> OpenAsync()
    {
        TokenCredential credential = Credential();
        var opened = CosmosStorage.Create(
            Options,
            credential,
            Client,
            Clock,
            new QueueBell(),
            tenant => blobs.GetOrAdd(tenant, one => new MemoryBlobs(one, gate)),
            NullLogger.Instance);
        await opened.VerifyAsync(TestContext.Current.CancellationToken);
        return opened;
    }
}
