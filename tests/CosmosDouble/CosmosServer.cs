using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PracticPro.CosmosDouble.Control;
using PracticPro.CosmosDouble.Endpoints;
using PracticPro.CosmosDouble.Faults;
using PracticPro.CosmosDouble.Journals;
using PracticPro.CosmosDouble.Security;
using PracticPro.CosmosDouble.State;
using PracticPro.Loopback;

namespace PracticPro.CosmosDouble;

/// <summary>
/// A running double of an Azure Cosmos DB account for NoSQL, as its gateway speaks: HTTPS on loopback. The same object
/// serves the command line and tests that start it in their own process.
/// </summary>
internal sealed class CosmosServer : IAsyncDisposable
{
    // Above the service's own limits, so that what is too large still gets the service's refusal.
    private const long LargestRequest = 8L * 1024 * 1024;

    private readonly WebApplication app;
    private readonly Journal journal;
    private readonly AccountState account;

    private CosmosServer(WebApplication app, Journal journal, AccountState account, LoopbackAuthority authority, LoopbackTokens tokens)
    {
        this.app = app;
        this.journal = journal;
        this.account = account;
        Authority = authority;
        Tokens = tokens;
    }

    /// <summary><c>https://127.0.0.1:port/</c>.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>What a client must trust to be let in.</summary>
    public LoopbackAuthority Authority { get; }

    /// <summary>Mints what the double lets in.</summary>
    public LoopbackTokens Tokens { get; }

    public FaultQueue Faults { get; } = new();

    public RequestLog Requests { get; } = new();

    /// <summary>Starts and returns when requests are answered; what the folder's journal holds is there again.</summary>
    /// <param name="time">Of expiry, tokens, stalls and <c>_ts</c>.</param>
    public static async Task<CosmosServer> StartAsync(
        CosmosServerOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        var authority = LoopbackAuthority.OpenOrMake(options.Identity);
        var tokens = LoopbackTokens.OpenOrMake(options.Identity);
        var journal = options.Folder is null ? Journal.InMemory() : Journal.Open(options.Folder);
        var account = AccountState.Open(journal, time, options.Ranges, options.Consistency);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(authority.ServerCertificate());
            });
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        var server = new CosmosServer(app, journal, account, authority, tokens);

        var key = options.PrimaryKey is null ? null : new PrimaryKey(options.PrimaryKey);
        var resourceTokens = key is null ? null : new ResourceTokens(key, account, time);
        var guard = new Guard(
            new BearerTokens(tokens, time), key, resourceTokens, account, options.AllowManagementByToken, time);
        var door = new FrontDoor(
            guard,
            server.Faults,
            server.Requests,
            new AccountEndpoints(account, () => server.Endpoint),
            new ItemEndpoints(account),
            new GrantEndpoints(account, resourceTokens),
            time);
        app.UseRouting();
        app.MapControl(server);

        // With a pattern of its own: the usual one takes an id with a dot for a file, and leaves it out.
        app.MapFallback("/{**path}", door.HandleAsync);
        await app.StartAsync(cancellation);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Endpoint = new Uri(addresses.Addresses.First());
        return server;
    }

    /// <summary>The physical partitions of a container now, in the order of the ring.</summary>
    public IReadOnlyList<string> Ranges(string database, string container) =>
        [.. Container(database, container).Current.Ranges.Current.Select(range => range.Id)];

    /// <summary>Splits a physical partition in two while clients are at work; who still asks for it gets 410/1002.</summary>
    public void Split(string database, string container, string range) => Container(database, container).Split(range);

    /// <summary>Ends when the process is asked to end (SIGTERM, SIGINT).</summary>
    public Task WaitForEndAsync(CancellationToken cancellation = default) => app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        await app.DisposeAsync();
        journal.Dispose();
    }

    private ContainerState Container(string database, string container) =>
        account.Find(database)?.Find(container) ?? throw new ArgumentException("There is no such container.", nameof(container));
}
