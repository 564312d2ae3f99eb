using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PracticPro.Azurite.Faults;
using PracticPro.Azurite.Front;
using PracticPro.Azurite.Node;
using PracticPro.Loopback;

namespace PracticPro.Azurite;

/// <summary>How a start went.</summary>
/// <param name="Missing">Why there is none: a sentence for a person.</param>
internal readonly record struct AzuriteStart(AzuriteServer? Server, string? Missing);

/// <summary>
/// A storage account on this machine: Azurite's blobs and queues, and before them a front of ours that adds immutability,
/// checks tokens, and strikes with faults when told to. The same object serves the command line and tests.
/// </summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    public const string Account = "devstoreaccount1";

    private readonly WebApplication app;
    private readonly NodeProcess node;

    private AzuriteServer(WebApplication app, NodeProcess node, LoopbackAuthority authority, LoopbackTokens tokens, FaultPlan faults)
    {
        (this.app, this.node, Authority, Tokens, Faults) = (app, node, authority, tokens, faults);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        BlobEndpoint = new Uri(new Uri(addresses[0]), Account);
        QueueEndpoint = new Uri(new Uri(addresses[1]), Account);
        IdentityEndpoint = addresses.Count > 2 ? new Uri(new Uri(addresses[2]), ManagedIdentity.Path) : null;
    }

    public Uri BlobEndpoint { get; }

    public Uri QueueEndpoint { get; }

    /// <summary>Value for <c>IDENTITY_ENDPOINT</c>; null when none was asked for.</summary>
    public Uri? IdentityEndpoint { get; }

    public LoopbackAuthority Authority { get; }

    public LoopbackTokens Tokens { get; }

    public FaultPlan Faults { get; }

    /// <summary>Process of Azurite.</summary>
    public int NodeId => node.Id;

    /// <summary>Starts and returns when calls are answered, or says why that cannot be here.</summary>
    public static async Task<AzuriteStart> TryStartAsync(AzuriteOptions options, CancellationToken cancellation)
    {
        var (package, missing) = await AzuritePackage.TryFindAsync(cancellation);
        if (package is null)
        {
            return new AzuriteStart(null, missing);
        }

        var folder = Directory.CreateDirectory(options.Folder).FullName;
        var authority = LoopbackAuthority.OpenOrMake(options.Identity);
        var tokens = LoopbackTokens.OpenOrMake(options.Identity);
        var certificate = authority.ServerCertificate();
        var (certificateFile, keyFile) = WriteCertificate(certificate, folder);
        var node = await NodeProcess.StartAsync(package, folder, certificateFile, keyFile, cancellation);
        try
        {
            var faults = new FaultPlan();
            var app = Build(options, authority, tokens, certificate, node, faults, new RuleBook(Path.Combine(folder, "immutability.jsonl")));
            await app.StartAsync(cancellation);
            return new AzuriteStart(new AzuriteServer(app, node, authority, tokens, faults), null);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when the process is asked to end (SIGTERM, SIGINT).</summary>
    public Task WaitForEndAsync(CancellationToken cancellation) => app.WaitForShutdownAsync(cancellation);

    /// <summary>Asks it to end.</summary>
    public void End() => app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        await app.StopAsync();
        await app.DisposeAsync();
        await node.DisposeAsync();
    }

    private static WebApplication Build(
        AzuriteOptions options, LoopbackAuthority authority, LoopbackTokens tokens, X509Certificate2 certificate,
        NodeProcess node, FaultPlan faults, RuleBook book)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.UseHttps(certificate));
            kestrel.Listen(IPAddress.Loopback, options.Port == 0 ? 0 : options.Port + 1, listen => listen.UseHttps(certificate).Use(Marked("queues")));
            if (options.IdentityPort is { } port)
            {
                kestrel.Listen(IPAddress.Loopback, port, listen => listen.Use(Marked("identity")));
            }
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        var relay = new Relay(X509CertificateLoader.LoadCertificateFromFile(authority.CertificatePath));
        app.Lifetime.ApplicationStopped.Register(relay.Dispose);
        app.Lifetime.ApplicationStopped.Register(book.Dispose);
        var desk = new FrontDesk(
            faults, tokens, TimeProvider.System, relay, node.Queues, new ImmutabilityFront(book, relay, node.Blobs, options.Clock));
        app.Use((context, next) => Mark(context) == "identity" || context.Request.Path.StartsWithSegments("/control")
            ? next(context)
            : Mark(context) == "queues" ? desk.AnswerQueuesAsync(context) : desk.AnswerBlobsAsync(context));
        app.UseRouting();
        app.MapControl(faults);
        if (options.IdentityPort is not null)
        {
            ManagedIdentity.Map(app, tokens, options.IdentitySecret, TimeProvider.System);
        }

        return app;
    }

    private static Func<Microsoft.AspNetCore.Connections.ConnectionDelegate, Microsoft.AspNetCore.Connections.ConnectionDelegate> Marked(string mark) =>
        next => connection =>
        {
            connection.Items[typeof(AzuriteServer)] = mark;
            return next(connection);
        };

    private static string? Mark(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionItemsFeature>()?.Items
            .TryGetValue(typeof(AzuriteServer), out var mark) == true ? (string?)mark : null;

    private static (string Certificate, string Key) WriteCertificate(X509Certificate2 certificate, string folder)
    {
        var (certificateFile, keyFile) = (Path.Combine(folder, "azurite.pem"), Path.Combine(folder, "azurite.key"));
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        OwnFile.Write(keyFile, FileMode.Create, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        return (certificateFile, keyFile);
    }
}
