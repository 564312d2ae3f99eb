using System.Net;
using System.Security.Cryptography;
using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble.Wire;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>The wall that the database holds, on an account where a key is allowed.</summary>
[Trait("Promise", "ISO-1")]
public sealed class CosmosTokenTests : IAsyncLifetime
{
    private static readonly TenantId There = TenantId.Parse("practice-there");

    // Made here, for a double that ends with the test.
    private readonly string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private readonly CosmosStore store;

    public CosmosTokenTests()
    {
        store = new CosmosStore { AccountKey = key };

        // Signatures with a key bear the machine's own time.
        store.Clock.Set(TimeProvider.System.GetUtcNow());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => store.OpenCleanAsync();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_token_of_one_tenant_reaches_nothing_of_another()
    {
        await Changes.CommitAsync(store.Storage, 1);
        await store.Storage.For(There).Documents.CommitAsync(Changes.Make(1), Cancellation);
        using var tokens = store.OpenTokens(store.Clock);
        var container = await tokens.RecordsAsync(Changes.Tenant, HomeName.Shared, Cancellation);

        using var own = await container.ReadItemStreamAsync(
            "d:change:000001", new PartitionKey(Changes.Tenant.Text), cancellationToken: Cancellation);
        using var other = await container.ReadItemStreamAsync(
            "d:change:000001", new PartitionKey(There.Text), cancellationToken: Cancellation);
        using var written = await container.DeleteItemStreamAsync(
            "d:change:000001", new PartitionKey(There.Text), cancellationToken: Cancellation);
        using var all = container.GetItemQueryStreamIterator("SELECT * FROM c");
        using var listed = await all.ReadNextAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, written.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, listed.StatusCode);
    }

    [Fact]
    public async Task The_store_works_with_tokens_in_either_home()
    {
        for (var number = 0; number < 4; number++)
        {
            Assert.IsType<CommitOutcome.Committed>(await Changes.CommitAsync(store.Storage, number));
        }

        Assert.Equal([0, 1, 2, 3], await Changes.MustAgreeAsync(store.Storage));
        Assert.IsType<MoveOutcome.Moved>(await store.Opened.Mover.RunAsync(Changes.Tenant, HomeKind.Dedicated, Cancellation));
        Assert.Equal([0, 1, 2, 3], await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends_and_not_sooner()
    {
        await Changes.CommitAsync(store.Storage, 1);
        var clock = new FakeClock(store.Clock.GetUtcNow());
        using var tokens = store.OpenTokens(clock);
        await ReadAsync(tokens);
        var before = store.Server.Requests.Count(RequestKind.Metadata);

        clock.Advance(TimeSpan.FromMinutes(49));
        await ReadAsync(tokens);
        Assert.Equal(before, store.Server.Requests.Count(RequestKind.Metadata));

        clock.Advance(TimeSpan.FromMinutes(2));
        await ReadAsync(tokens);
        Assert.True(store.Server.Requests.Count(RequestKind.Metadata) > before);
    }

    private static async Task ReadAsync(TenantTokens tokens)
    {
        var container = await tokens.RecordsAsync(Changes.Tenant, HomeName.Shared, Cancellation);
        using var read = await container.ReadItemStreamAsync(
            "d:change:000001", new PartitionKey(Changes.Tenant.Text), cancellationToken: Cancellation);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }
}
