using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Core;
using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble;
using PracticPro.Egress;
using PracticPro.Loopback;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.CosmosDouble;

/// <summary>
/// A double in this process, and the real SDK connected to it over HTTPS. One container, <c>items</c>, by <c>/tenant</c>.
/// </summary>
internal sealed class CosmosRig : IAsyncDisposable
{
    private readonly List<CosmosClient> clients = [];
    private readonly string folder;

    // The SDK would otherwise ask the cloud's metadata address, which is no address of ours.
    static CosmosRig() => Environment.SetEnvironmentVariable("COSMOS_DISABLE_IMDS_ACCESS", "true");

    private CosmosRig(CosmosServer server, string folder, TimeProvider time)
    {
        Server = server;
        this.folder = folder;
        Credential = new LoopbackCredential(server.Tokens, time);
    }

    public CosmosServer Server { get; }

    public TokenCredential Credential { get; }

    public CosmosClient Client { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public Container Items { get; private set; } = null!;

    public static async Task<CosmosRig> StartAsync(
        TimeProvider? time = null, Func<CosmosServerOptions, CosmosServerOptions>? with = null, ContainerProperties? items = null)
    {
        var folder = Directory.CreateTempSubdirectory("cosmos-double-").FullName;
        var options = new CosmosServerOptions { Identity = folder };
        var clock = time ?? TimeProvider.System;
        var server = await CosmosServer.StartAsync(with?.Invoke(options) ?? options, clock, TestContext.Current.CancellationToken);
        var rig = new CosmosRig(server, folder, clock);
        rig.Client = rig.Connect();
        rig.Database = (await rig.Client.CreateDatabaseIfNotExistsAsync("practice")).Database;
        rig.Items = (await rig.Database.CreateContainerIfNotExistsAsync(items ?? new ContainerProperties("items", "/tenant"))).Container;
        return rig;
    }

    /// <summary>Another client, with caches of its own.</summary>
    public CosmosClient Connect(Action<CosmosClientOptions>? configure = null) =>
        Keep(new CosmosClient(Server.Endpoint.ToString(), Credential, Options(configure)));

    /// <summary>A client by key or by resource token.</summary>
    public CosmosClient ConnectBy(string keyOrResourceToken) =>
        Keep(new CosmosClient(Server.Endpoint.ToString(), keyOrResourceToken, Options(null)));

    public CosmosClientOptions Options(Action<CosmosClientOptions>? configure)
    {
        var options = OptionsFor(Server.Endpoint, Server.Authority);
        configure?.Invoke(options);
        return options;
    }

    /// <summary>Gateway mode, no waiting for throttles, and a door to the double alone.</summary>
    public static CosmosClientOptions OptionsFor(Uri endpoint, LoopbackAuthority authority)
    {
        var trusted = X509CertificateLoader.LoadCertificateFromFile(authority.CertificatePath);
        return new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            LimitToEndpoint = true,
            MaxRetryAttemptsOnRateLimitedRequests = 0,
            UseSystemTextJsonSerializerWithOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web)
            {
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            },
            HttpClientFactory = () => PlatformDoor.ClientOver(PlatformDoor.Only(endpoint, trusted)),
        };
    }

    /// <summary>Puts so many items, <c>n-000</c> and on, each with its number.</summary>
    public async Task PutAsync(string tenant, int count, string text = "text")
    {
        for (var number = 0; number < count; number++)
        {
            await Items.UpsertItemAsync(new Note($"n-{number:000}", tenant, text, number), new PartitionKey(tenant));
        }
    }

    /// <summary>All rows of a query, page by page.</summary>
    public static async Task<(List<T> Rows, int Pages)> AllAsync<T>(FeedIterator<T> iterator)
    {
        var rows = new List<T>();
        var pages = 0;
        while (iterator.HasMoreResults)
        {
            var page = await iterator.ReadNextAsync(TestContext.Current.CancellationToken);
            rows.AddRange(page);
            pages++;
        }

        return (rows, pages);
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await Server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private CosmosClient Keep(CosmosClient client)
    {
        clients.Add(client);
        return client;
    }
}

/// <summary>What the tests put.</summary>
internal sealed record Note(string Id, string Tenant, string Text, int Number = 0, IReadOnlyList<string>? Tags = null, int? Ttl = null);
