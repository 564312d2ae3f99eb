using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PracticPro.Loopback;

namespace PracticPro.KeyVaultDouble;

/// <summary>
/// A key vault on loopback, over TLS: the keys data plane as a program meets it. The same object serves the command line
/// and tests that start it in their own process.
/// </summary>
internal sealed class KeyVaultServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly FrontDesk desk;

    private KeyVaultServer(WebApplication app, FrontDesk desk, string authorityPath)
    {
        (this.app, this.desk, AuthorityPath) = (app, desk, authorityPath);
        var server = app.Services.GetRequiredService<IServer>();
        Endpoint = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Endpoint { get; }

    /// <summary>PEM of the authority that vouches for the server.</summary>
    public string AuthorityPath { get; }

    public Faults Faults => desk.Faults;

    /// <summary>Requests so far by operation; those without a good token as <see cref="Operations.Challenge"/>.</summary>
    public ConcurrentDictionary<string, int> Requests => desk.Requests;

    /// <summary>Answers so far by status.</summary>
    public ConcurrentDictionary<int, int> Answers => desk.Answers;

    /// <summary>Every key as it is kept now; for tests that look behind the wire.</summary>
    public KeyShelf Shelf => desk.Shelf;

    public static async Task<KeyVaultServer> StartAsync(
        KeyVaultServerOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        var authority = LoopbackAuthority.OpenOrMake(options.IdentityFolder);
        var desk = new FrontDesk(options, LoopbackTokens.OpenOrMake(options.IdentityFolder), time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.UseHttps(authority.ServerCertificate()));
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.Run(desk.AnswerAsync);
        await app.StartAsync(cancellation);
        return new KeyVaultServer(app, desk, authority.CertificatePath);
    }

    /// <summary>Ends when the process is asked to end (SIGTERM, SIGINT).</summary>
    public Task WaitForEndAsync() => app.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
