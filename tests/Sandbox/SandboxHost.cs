using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PracticPro.Sandbox.Calendar;
using PracticPro.Sandbox.Control;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Microsoft.Graph;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sandbox.OAuth;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Sandbox;

/// <summary>
/// A running sandbox: a web server on loopback, and the world behind it. The same object serves the command line and
/// tests that start it in their own process.
/// </summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    // A letter of 35 MiB is 47 MiB in base64; what is a little larger still gets Gmail's own refusal.
    private const long LargestRequest = 96L * 1024 * 1024;

    private readonly WebApplication _app;

    private SandboxHost(WebApplication app, World world)
    {
        _app = app;
        World = world;
        IServer server = app.Services.GetRequiredService<IServer>();
        Address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public World World { get; }

    /// <summary>Starts and returns when requests are answered.</summary>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellation)
    {
        var world = new World(options);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        WebApplication app = builder.Build();
        app.UseRouting();
        app.Use((context, next) => Count(world, context, next));
        app.UseWhen(
            context => !context.Request.Path.StartsWithSegments("/control"), providers => providers.UseFaults(world));
        app.MapOAuth(world);
        app.MapGmail(world);
        app.MapQuickBooks(world);
        app.MapCalendar(world);
        app.MapMicrosoftIdentity(world);
        app.MapGraph(world);
        app.MapControl(world);
        await app.StartAsync(cancellation);
        return new SandboxHost(app, world);
    }

    /// <summary>Ends when the process is asked to end (SIGTERM, SIGINT).</summary>
    public Task WaitForEndAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static Task Count(World world, HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/control"))
        {
            string template = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no such path)";
            world.Statistics.CountRequest(context.Request.Method, template);
        }

        return next(context);
    }
}
