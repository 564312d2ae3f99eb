using Azure.Core;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// One account: its client, which lives as long as the program, and its containers. The client keeps connections and
/// caches; there must be no second one for the same account.
/// </summary>
internal sealed class CosmosAccount : IDisposable
{
    // The SDK asks the machine which virtual machine it is, at an address that the door does not lead to.
    private const string NoMachineQuestions = "COSMOS_DISABLE_IMDS_ACCESS";
    private readonly CosmosOptions options;

    private readonly TenantTokens? tokens;

    private CosmosAccount(CosmosClient client, CosmosOptions options, TenantTokens? tokens) =>
        (Client, this.options, this.tokens) = (client, options, tokens);

    public CosmosClient Client { get; }

    public Container Fleet => Client.GetContainer(options.Database, CosmosLayout.Fleet);

    /// <param name="clients">Makes the HTTP client for the account; it leads to the account only.</param>
    /// <param name="tokens">Opens each tenant's records to that tenant only, by the service itself; null where no key is allowed.</param>
    public static CosmosAccount Open(
        CosmosOptions options, TokenCredential credential, Func<Uri, HttpClient> clients, TenantTokens? tokens = null)
    {
        Environment.SetEnvironmentVariable(NoMachineQuestions, "true");
        return new CosmosAccount(new CosmosClient(options.Endpoint, credential, Settings(options, clients)), options, tokens);
    }

    /// <summary>The records of a home as one tenant's calls reach them.</summary>
    public ValueTask<Container> RecordsAsync(TenantId tenant, HomeName home, CancellationToken cancellation) =>
        tokens is null ? ValueTask.FromResult(Records(home)) : tokens.RecordsAsync(tenant, home, cancellation);

    /// <summary>The records of a home, for what is no tenant's call: gates, moves and the change feed.</summary>
    public Container Records(HomeName home) =>
        Client.GetContainer(home.IsShared ? options.Database : home.Text, CosmosLayout.Records);

    /// <summary>The home a tenant has when it has one of its own.</summary>
    public HomeName DedicatedHome(TenantId tenant) => new(options.DedicatedPrefix + tenant.Text);

    public void Dispose()
    {
        tokens?.Dispose();
        Client.Dispose();
    }

    internal static CosmosClientOptions Settings(CosmosOptions options, Func<Uri, HttpClient> clients)
    {
        var client = new Lazy<HttpClient>(() => clients(options.Home));
        var settings = new CosmosClientOptions
        {
            ApplicationName = "practicpro",
            ConnectionMode = options.Direct ? ConnectionMode.Direct : ConnectionMode.Gateway,

            // A stand-in on this machine is the whole account; what it says of other places leads nowhere.
            LimitToEndpoint = options.Home.IsLoopback,
            HttpClientFactory = () => client.Value,

            // The answer to a write would be the written item again.
            EnableContentResponseOnWrite = false,
            RequestTimeout = options.Patience,
            MaxRetryAttemptsOnRateLimitedRequests = 1_000,
            MaxRetryWaitTimeOnRateLimitedRequests = options.MaxThrottleWait,
            UseSystemTextJsonSerializerWithOptions = new System.Text.Json.JsonSerializerOptions(),
            CosmosClientTelemetryOptions = new CosmosClientTelemetryOptions { QueryTextMode = QueryTextMode.None },
        };
        if (options.Region.Length > 0 && !options.Home.IsLoopback)
        {
            settings.ApplicationRegion = options.Region;
        }

        return settings;
    }
}

/// <summary>Where a tenant's records are: empty for the shared database, otherwise the name of the tenant's own.</summary>
internal readonly record struct HomeName(string Text)
{
    public static readonly HomeName Shared = new("");

    public bool IsShared => Text.Length == 0;
}
