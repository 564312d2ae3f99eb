using Azure.Core;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Everything stored in one Cosmos DB account, but for blobs, which another driver keeps. Any number of processes may use
/// the same account at once.
/// </summary>
internal sealed class CosmosStorage : IStorage, IAsyncDisposable
{
    private readonly CosmosAccount account;
    private readonly CosmosCalls calls;
    private readonly TimeProvider time;
    private readonly Func<TenantId, IBlobs> blobs;
    private readonly ILogger log;
    private readonly Placements placements;
    private readonly VerifyLayout layout;
    private readonly LogHeads heads = new();
    private readonly QueueClocks clocks = new();

    private CosmosStorage(
        CosmosOptions options,
        CosmosAccount account,
        TimeProvider time,
        TimeProvider pace,
        QueueBell bell,
        Func<TenantId, IBlobs> blobs,
        ILogger log)
    {
        (this.account, this.time, this.blobs, this.log) = (account, time, blobs, log);
        calls = new CosmosCalls(options, new CosmosMeter(log, pace), pace);
        placements = new Placements(account, calls, options, time);
        layout = new VerifyLayout(account, options, log);
        Origin = new AccountOrigin(account, calls, options);
        Fleet = new CosmosFleet(account, calls, placements);
        Mover = new MoveTenant(account, calls, placements, layout, options, time, log);
        Feed = new OutboxFeed(account, calls, placements, bell, time);
    }

    public IFleet Fleet { get; }

    /// <summary>Which account the records are of.</summary>
    public AccountOrigin Origin { get; }

    /// <summary>Moves tenants between the shared database and databases of their own.</summary>
    public MoveTenant Mover { get; }

    /// <summary>Rings the bell for what is in the change feed; <see cref="Watch"/> reads it all the time.</summary>
    public OutboxFeed Feed { get; }

    /// <summary>Makes the store without a word to the service; <see cref="VerifyAsync"/> is the first.</summary>
    /// <param name="clients">
    /// Makes the HTTP client that leads to the account and nowhere else (<c>PlatformDoor.OnlyAccount</c>).
    /// </param>
    /// <param name="time">The wall clock that records bear.</param>
    /// <param name="pace">What waits and time limits are measured by; null for the machine's own.</param>
    /// <param name="accountKey">
    /// Where the account allows one: tenants are reached by tokens that the service binds to them (<see cref="TenantTokens"/>).
    /// </param>
    public static CosmosStorage Create(
        CosmosOptions options,
        TokenCredential credential,
        Func<Uri, HttpClient> clients,
        TimeProvider time,
        QueueBell bell,
        Func<TenantId, IBlobs> blobs,
        ILogger log,
        TimeProvider? pace = null,
        SecretText? accountKey = null)
    {
        var tokens = accountKey is null ? null : new TenantTokens(options, accountKey, clients, time);
        var account = CosmosAccount.Open(options, credential, clients, tokens);
        return new CosmosStorage(options, account, time, pace ?? TimeProvider.System, bell, blobs, log);
    }

    /// <summary>What is to run as long as the program: reads the change feed, and first finishes moves that were begun.</summary>
    public CosmosWatch Watch() => new(Feed, Mover, calls, log);

    /// <summary>Whether the account is as this program needs it. At the start, before anything is asked of the store.</summary>
    /// <exception cref="CosmosLayoutException">It is not; the message says what to do.</exception>
    /// <exception cref="StorageUnavailableException">It does not answer.</exception>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        await layout.RunAsync(cancellation);
        await Origin.HoldAsync(cancellation);
    }

    /// <summary>
    /// As <see cref="VerifyAsync"/>, also for a restored copy of another account: to read what it knows of erasures, and to
    /// carry them out in it. Nothing else may be done with it.
    /// </summary>
    /// <inheritdoc cref="VerifyAsync" path="/exception"/>
    public Task VerifyCopyAsync(CancellationToken cancellation) => layout.RunAsync(cancellation);

    public ITenantStorage For(TenantId tenant)
    {
        var partition = new TenantPartition(tenant, account, placements, calls, time, log);
        return new CosmosTenant(
            tenant,
            new CosmosDocuments(partition, heads, calls),
            new CosmosAppendLog(partition),
            new CosmosQueue(partition, clocks, calls),
            new CosmosLeases(partition, calls),
            new RegisteringBlobs(blobs(tenant), placements));
    }

    public ValueTask DisposeAsync()
    {
        account.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed record CosmosTenant(
        TenantId Tenant, IDocuments Documents, IAppendLog Logs, IQueue Queue, ILeases Leases, IBlobs Blobs)
        : ITenantStorage;
}
