using PracticPro.Backup;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Storage.Drivers;

namespace PracticPro.Tests.Backup;

/// <summary>
/// Erasures are carried out again through the ports, whatever lies behind them: an older store of one driver takes over
/// what a newer store of another knows. On Azure both are accounts; the ledger is the same.
/// </summary>
[Trait("Promise", "OPS-1")]
public sealed class ReapplyOnPortsTests
{
    private static readonly TenantId Tenant = TenantId.Parse("practice");
    private static readonly DocumentKind Kind = DocumentKind.Of("token");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_embedded_store_takes_over_what_a_newer_one_erased()
    {
        await using var older = new EmbeddedStore();
        await CarriesOutAsync(older);
    }

    [Fact]
    public async Task An_older_account_takes_over_what_a_newer_store_erased()
    {
        await using var older = new CosmosStore();
        await CarriesOutAsync(older);
    }

    [Fact]
    public async Task Two_stores_of_one_history_compare_equal_and_one_more_entry_does_not()
    {
        await using var source = new EmbeddedStore();
        await using var restored = new EmbeddedStore();
        foreach (var store in new[] { source, restored })
        {
            await store.OpenCleanAsync();
            await CommitAsync(store, new Batch([Put("kept"), Put("erased")]));
        }

        Assert.Equal(new StoreComparison(AreEqual: true, Resurrected: 0), await CompareAsync(source, restored));
        await CommitAsync(source, new Batch(ErasureLedger.Compose(source.Clock, [Kind.Key("erased")])));
        Assert.Equal(new StoreComparison(AreEqual: false, Resurrected: 1), await CompareAsync(source, restored));
    }

    private static Task<StoreComparison> CompareAsync(StoreUnderTest source, StoreUnderTest restored) =>
        CompareStores.RunAsync(source.Storage.For(Tenant), restored.Storage.For(Tenant), Cancellation);

    private static async Task CarriesOutAsync(StoreUnderTest older)
    {
        await using var newer = new EmbeddedStore();
        await older.OpenCleanAsync();
        await newer.OpenCleanAsync();
        foreach (var store in new[] { older, newer })
        {
            await CommitAsync(store, new Batch([Put("kept"), Put("early"), Put("late"), Put("later")]));
            await CommitAsync(store, new Batch(ErasureLedger.Compose(store.Clock, [Kind.Key("early")])));
        }

        await CommitAsync(newer, new Batch(ErasureLedger.Compose(newer.Clock, [Kind.Key("late"), Kind.Key("later")])));
        var ledger = await ErasureLedger.ReadAsync(newer.Storage.For(Tenant).Logs, 0, Cancellation);

        // Twice: the second run finds nothing left to do.
        Assert.Equal(2, await ReapplyErasures.RunAsync(older.Storage.For(Tenant), ledger, Cancellation));
        Assert.Equal(0, await ReapplyErasures.RunAsync(older.Storage.For(Tenant), ledger, Cancellation));

        Assert.Equal(0, await ReapplyErasures.CountPresentAsync(older.Storage.For(Tenant), ledger, Cancellation));
        Assert.NotNull(await older.Storage.For(Tenant).Documents.FindAsync(Kind.Key("kept"), Cancellation));
        Assert.Equal(2, await older.Storage.For(Tenant).Logs.CountAsync(ErasureLedger.Log, Cancellation));
    }

    private static Operation.Put Put(string id) => new(new Document(Kind.Key(id), new byte[20]), Condition.Any);

    private static async Task CommitAsync(StoreUnderTest store, Batch batch) =>
        Assert.IsType<CommitOutcome.Committed>(
            await store.Storage.For(Tenant).Documents.CommitAsync(batch, Cancellation));
}
