using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Contracts;

/// <summary>
/// What a driver gives the contract suites: a clean store on a clock they move, and a way to open the same store
/// again as after a restart. A driver whose service is not configured says so in <see cref="Missing"/>; its tests
/// then show as skipped, with that reason.
/// </summary>
internal abstract class StoreUnderTest : IAsyncDisposable
{
    public FakeClock Clock { get; } = new();

    /// <summary>Why the driver cannot run here, for a person; null when it can.</summary>
    public virtual string? Missing => null;

    public abstract IStorage Storage { get; }

    public abstract IFleet Fleet { get; }

    /// <summary>
    /// Opens a store that holds nothing. Called once, before all else, and only when nothing is missing.
    /// </summary>
    public abstract ValueTask OpenCleanAsync();

    /// <summary>
    /// Lets everything go and opens the same store again; objects from before are of no use any more.
    /// </summary>
    public abstract ValueTask ReopenAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>What all suites share: one store a test, opened before it and given back after it.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected static readonly TenantId Here = TenantId.Parse("practice-here");
    private protected static readonly TenantId There = TenantId.Parse("practice-there");
    private StoreUnderTest? store;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected FakeClock Clock => Store.Clock;

    private protected StoreUnderTest Store => store ?? throw new InvalidOperationException("The store is not open.");

    public async ValueTask InitializeAsync()
    {
        store = Make();
        Assert.SkipWhen(store.Missing is not null, store.Missing ?? string.Empty);
        await store.OpenCleanAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (store is { Missing: null })
        {
            await store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract StoreUnderTest Make();

    private protected ITenantStorage Open(TenantId tenant) => Store.Storage.For(tenant);

    private protected async Task<CommitOutcome> CommitAsync(TenantId tenant, params Operation[] operations) =>
        await Open(tenant).Documents.CommitAsync(new Batch(operations), Cancellation);

    private protected async Task<CommitOutcome.Committed> MustCommitAsync(
        TenantId tenant, params Operation[] operations) =>
        Assert.IsType<CommitOutcome.Committed>(await CommitAsync(tenant, operations));
}
