using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class CosmosFeedTests : IAsyncLifetime
{
    private readonly CosmosStore store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => store.OpenCleanAsync();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Each_tenant_with_a_new_message_is_rung_for_once()
    {
        var tenants = Enumerable.Range(0, 5).Select(static at => TenantId.Parse($"practice-{at}")).ToList();
        foreach (var tenant in tenants)
        {
            await store.Storage.For(tenant).Documents.CommitAsync(Changes.Make(1), Cancellation);
        }

        Assert.Equal(5, await store.Opened.Feed.ReadOnceAsync(Cancellation));
        Assert.Equal(0, await store.Opened.Feed.ReadOnceAsync(Cancellation));

        var rung = new HashSet<TenantId>();
        for (var at = 0; at < 5; at++)
        {
            rung.Add(await store.Bell.NextAsync(Cancellation));
        }

        Assert.Equal(tenants, rung.OrderBy(static tenant => tenant.Text, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_one_process_did_not_come_to_read_the_next_reads_and_not_before_the_hold_ends()
    {
        await Changes.CommitAsync(store.Storage, 1);
        Assert.Equal(1, await store.Opened.Feed.ReadOnceAsync(Cancellation));
        var other = await store.OpenAnotherAsync();
        await Changes.CommitAsync(store.Storage, 2);

        Assert.Equal(0, await other.Feed.ReadOnceAsync(Cancellation));
        store.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1, await other.Feed.ReadOnceAsync(Cancellation));
        Assert.Equal(0, await store.Opened.Feed.ReadOnceAsync(Cancellation));
    }

    [Fact]
    public async Task Messages_that_are_held_or_done_ring_no_bell()
    {
        await Changes.CommitAsync(store.Storage, 1);
        await store.Opened.Feed.ReadOnceAsync(Cancellation);
        var queue = store.Storage.For(Changes.Tenant).Queue;
        var name = new QueueName("outbox");
        var delivery = Assert.Single(await queue.ReceiveAsync(name, 1, TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(0, await store.Opened.Feed.ReadOnceAsync(Cancellation));
        await queue.CompleteAsync(name, delivery.Receipt, Cancellation);

        Assert.Equal(0, await store.Opened.Feed.ReadOnceAsync(Cancellation));
    }

    [Fact]
    public async Task A_tenant_in_a_database_of_its_own_is_followed_too_and_a_split_hides_nothing()
    {
        await Changes.CommitAsync(store.Storage, 1);
        await store.Opened.Feed.ReadOnceAsync(Cancellation);
        await store.Opened.Mover.RunAsync(Changes.Tenant, HomeKind.Dedicated, Cancellation);
        await store.Opened.Feed.ReadOnceAsync(Cancellation);
        var database = "practicpro-" + Changes.Tenant.Text;
        foreach (var range in store.Server.Ranges(database, "records"))
        {
            store.Server.Split(database, "records", range);
        }

        await Changes.CommitAsync(store.Storage, 2);

        Assert.Equal(1, await store.Opened.Feed.ReadOnceAsync(Cancellation));
    }

    [Fact]
    public async Task A_home_that_cannot_be_read_does_not_hold_up_another()
    {
        TenantId[] tenants = [TenantId.Parse("first"), TenantId.Parse("second")];
        foreach (var tenant in tenants)
        {
            await store.Storage.For(tenant).Documents.CommitAsync(Changes.Make(1), Cancellation);
            await store.Opened.Mover.RunAsync(tenant, HomeKind.Dedicated, Cancellation);
        }

        using (var account = store.OpenAccount())
        {
            await account.Client.GetDatabase("practicpro-first").DeleteAsync(cancellationToken: Cancellation);
        }

        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Opened.Feed.ReadOnceAsync(Cancellation));

        Assert.Equal(tenants[1], await store.Bell.NextAsync(Cancellation));
    }

    [Theory]
    [InlineData(0, "Answered")]
    [InlineData(1002, "Unknown")]
    [InlineData(1003, "Refused")]
    public void Only_a_plain_404_says_that_there_is_no_such_item(int subStatus, string fate) =>
        Assert.Equal(fate, CosmosTrouble.FateOf(System.Net.HttpStatusCode.NotFound, subStatus).ToString());

    [Fact]
    public async Task The_watch_finishes_what_a_dead_mover_began_and_rings_for_what_a_dead_process_put()
    {
        await Changes.CommitAsync(store.Storage, 1);
        store.Opened.Mover.BeforeStep = static step =>
            step == "Opening" ? throw new InvalidOperationException("The mover dies.") : Task.CompletedTask;
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.Opened.Mover.RunAsync(Changes.Tenant, HomeKind.Dedicated, Cancellation));
        var other = await store.OpenAnotherAsync();
        using var watch = other.Watch();

        await watch.StartAsync(Cancellation);
        Assert.Equal(Changes.Tenant, await store.Bell.NextAsync(Cancellation));
        await watch.StopAsync(Cancellation);

        Assert.Equal([1], await Changes.MustAgreeAsync(store.Storage));
        Assert.Equal(new MoveOutcome.Moved(2), await other.Mover.RunAsync(Changes.Tenant, HomeKind.Dedicated, Cancellation));
    }
}
