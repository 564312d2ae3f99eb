using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.CosmosDouble;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Loopback;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>
/// The Cosmos driver over the double, by the real SDK and HTTPS: an account with three physical partitions. Blobs are in
/// memory: they are another driver's.
/// </summary>
internal sealed class CosmosStore : StoreUnderTest
{
    // Made once: tests start at the same moment.
    private static readonly Lazy<string> Identity = new(static () =>
    {
        var folder = Directory.CreateTempSubdirectory("practicpro-cosmos-").FullName;
        _ = LoopbackAuthority.OpenOrMake(folder);
        _ = LoopbackTokens.OpenOrMake(folder);
        return folder;
    });

    private readonly ConcurrentDictionary<TenantId, IBlobs> blobs = new();
    private readonly Lock gate = new();
    private readonly List<CosmosStorage> others = [];
    private CosmosServer? server;
    private CosmosStorage? storage;

    public override IStorage Storage => Opened;

    public override IFleet Fleet => Opened.Fleet;

    public CosmosStorage Opened => storage ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>Of all that are opened: rings by the change feed.</summary>
    public QueueBell Bell { get; } = new();

    public CosmosServer Server => server ?? throw new InvalidOperationException("The double is not started.");

    /// <summary>Of an account where a key is allowed: tenants are then reached by tokens.</summary>
    public string? AccountKey { get; init; }

    /// <summary>Where the double keeps what is stored; null for one that forgets.</summary>
    public string? Folder { get; init; }

    /// <summary>Short waits: the double is near.</summary>
    public CosmosOptions Options { get; init; } = new()
    {
        CreateMissing = true,
        Patience = TimeSpan.FromSeconds(20),
        MaxThrottleWait = TimeSpan.FromSeconds(5),
        PlacementLifetime = TimeSpan.FromMilliseconds(100),
        SettleTime = TimeSpan.Zero,
        PurgeAfter = TimeSpan.Zero,
    };

    public override async ValueTask OpenCleanAsync()
    {
        await StartAsync();
        storage = await OpenAsync();
    }

    /// <summary>The account alone, with what its folder holds; <see cref="Make"/> opens it.</summary>
    public async Task StartAsync() => server = await CosmosServer.StartAsync(
        new CosmosServerOptions { Identity = Identity.Value, Ranges = 3, PrimaryKey = AccountKey, Folder = Folder },
        Clock,
        TestContext.Current.CancellationToken);

    public override async ValueTask ReopenAsync()
    {
        await Opened.DisposeAsync();
        storage = await OpenAsync();
    }

    /// <summary>One more, as in another process.</summary>
    public async Task<CosmosStorage> OpenAnotherAsync()
    {
        var other = await OpenAsync();
        Keep(other);
        return other;
    }

    /// <summary>Closes it with this store.</summary>
    public void Keep(CosmosStorage other) => others.Add(other);

    /// <summary>A way past the driver, for what a test looks at or breaks.</summary>
    public CosmosAccount OpenAccount() => CosmosAccount.Open(
        Options with { Endpoint = Server.Endpoint.ToString() }, new MintedCredential(Server.Tokens, Clock), Client);

    public override async ValueTask DisposeAsync()
    {
        foreach (var one in others.Append(storage).OfType<CosmosStorage>())
        {
            await one.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    public CosmosStorage Make(CosmosOptions options)
    {
        return CosmosStorage.Create(
            options with { Endpoint = Server.Endpoint.ToString() },
            new MintedCredential(Server.Tokens, Clock),
            Client,
            Clock,
            Bell,
            tenant => blobs.GetOrAdd(tenant, one => new MemoryBlobs(one, gate)),
            NullLogger.Instance,
            accountKey: AccountKey is null ? null : new SecretText(AccountKey));
    }

    public TenantTokens OpenTokens(TimeProvider time) => new(
        Options with { Endpoint = Server.Endpoint.ToString() }, new SecretText(AccountKey!), Client, time);

    private HttpClient Client(Uri home) => PlatformDoor.ClientOver(
        PlatformDoor.Only(home, X509CertificateLoader.LoadCertificateFromFile(Server.Authority.CertificatePath)));

    private async Task<CosmosStorage> OpenAsync()
    {
        var opened = Make(Options);
        await opened.VerifyAsync(TestContext.Current.CancellationToken);
        return opened;
    }

    /// <summary>Tokens of the double's own mint. Good for years around now: tests move the clock far.</summary>
    private sealed class MintedCredential(LoopbackTokens tokens, TimeProvider time) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            var audience = requestContext.Scopes[0][..^"/.default".Length];
            var token = tokens.Mint(audience, time.GetUtcNow() - TimeSpan.FromDays(2_000), TimeSpan.FromDays(5_000));
            return new AccessToken(token, TimeProvider.System.GetUtcNow().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
