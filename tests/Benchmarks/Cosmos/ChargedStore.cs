using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.CosmosDouble;
using PracticPro.Egress;
using PracticPro.Loopback;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Storage.Drivers.Files;

namespace PracticPro.Benchmarks.Cosmos;

/// <summary>
/// The program's Cosmos driver over the double, by the real SDK and HTTPS, in this process: every request it makes is
/// priced. Blobs are files: they cost no request units.
/// </summary>
internal sealed class ChargedStore : IAsyncDisposable
{
    private readonly DirectoryInfo work;
    private readonly DataFolder blobs;
    private readonly CosmosServer server;

    // The SDK would otherwise ask the cloud's metadata address, which is no address of ours.
    static ChargedStore() => Environment.SetEnvironmentVariable("COSMOS_DISABLE_IMDS_ACCESS", "true");

    private ChargedStore(DirectoryInfo work, CosmosServer server)
    {
        this.work = work;
        this.server = server;
        blobs = DataFolder.Open(Path.Combine(work.FullName, "blobs"));
        var authority = X509CertificateLoader.LoadCertificateFromFile(server.Authority.CertificatePath);
        Storage = CosmosStorage.Create(
            new CosmosOptions
            {
                Endpoint = server.Endpoint.ToString(),
                CreateMissing = true,
                PlacementLifetime = TimeSpan.FromMinutes(10),
            },
            new Minted(server.Tokens),
            home => PlatformDoor.ClientOver(PlatformDoor.Only(home, authority)),
            TimeProvider.System,
            Bell,
            tenant => new FileBlobs(blobs, tenant, static () => { }),
            NullLogger.Instance);
    }

    public CosmosStorage Storage { get; }

    public QueueBell Bell { get; } = new();

    /// <summary>A folder of this run, for what is not in the store.</summary>
    public string Folder => work.FullName;

    /// <summary>Request units of everything asked so far.</summary>
    public double Charge => server.Requests.Charge;

    public static async Task<ChargedStore> OpenAsync(CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("ru-bench-");
        var server = await CosmosServer.StartAsync(
            new CosmosServerOptions { Identity = Path.Combine(work.FullName, "identity") }, TimeProvider.System, cancellation);
        var store = new ChargedStore(work, server);
        await store.Storage.VerifyAsync(cancellation);
        return store;
    }

    /// <summary>What one call costs.</summary>
    public async Task<double> CostAsync(Func<Task> call)
    {
        var before = Charge;
        await call();
        return Charge - before;
    }

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        await server.DisposeAsync();
        blobs.Dispose();
        work.Delete(recursive: true);
    }

    private sealed class Minted(LoopbackTokens tokens) : TokenCredential
    {
        private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            var now = TimeProvider.System.GetUtcNow();
            return new(tokens.Mint(requestContext.Scopes[0][..^"/.default".Length], now, GoodFor), now + GoodFor);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
