using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Control;
using Yarp.ReverseProxy.Forwarder;

namespace PracticPro.FunctionsHost.Front;

/// <summary>The host's HTTP endpoint: routes of HTTP functions, and what the host keeps for itself under /admin.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const long LargestBody = 104_857_600;

    private static readonly string[] AllMethods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    private readonly WebApplication _app;
    private readonly FakeHost _host;
    private readonly ForwardMode _forward = new();
    private readonly ProxyMode _proxy;
    private int _disposed;

    private HttpFront(WebApplication app, FakeHost host)
    {
        _app = app;
        _host = host;
        _proxy = new ProxyMode(app.Services.GetRequiredService<IHttpForwarder>());
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public static async Task<HttpFront> StartAsync(FakeHost host, int port, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddHttpForwarder();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        var front = new HttpFront(builder.Build(), host);
        front.Map();
        await front._app.StartAsync(cancellation);
        front.Address = new Uri(front._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _forward.Dispose();
            _proxy.Dispose();
        }
    }

    private void Map()
    {
        _app.Use(ServeTheRestAsync);
        _app.UseRouting();
        ControlEndpoints.Map(_app.MapGroup("/admin"), _host);
        foreach (var function in _host.Options.App.Functions.Where(one => one.Trigger.Type == "httpTrigger"))
        {
            var prefix = _host.Options.App.Settings.RoutePrefix.Trim('/');
            var route = (function.Trigger.Text("route") ?? function.Name).TrimStart('/');
            var methods = function.Trigger.Texts("methods");
            _app.MapMethods(
                prefix.Length == 0 ? $"/{route}" : $"/{prefix}/{route}",
                methods.Count == 0 ? AllMethods : methods.Select(method => method.ToUpperInvariant()),
                (RequestDelegate)(context => CallAsync(context, function)));
        }
    }

    // A wrong method is a wrong path, and at the root the host has a page of its own where no function serves it.
    private static async Task ServeTheRestAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetEndpoint() is RouteEndpoint || context.Response.HasStarted)
        {
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (context.Request.Path == "/")
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            await context.Response.WriteAsync("Your Functions host is running.");
        }
    }

    private async Task CallAsync(HttpContext context, Function function)
    {
        if (context.Request.Path.StartsWithSegments("/admin") || context.Request.Path.StartsWithSegments("/runtime"))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (_host.Jobs is not { } jobs)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (!HostKeys.LetsIn(context.Request, function))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        _host.InFlight.Enter();
        try
        {
            jobs.Invoker.Events.Statistics.Count(Figure.HttpCalls);
            await ServeAsync(context, function, jobs);
        }
        catch (Exception lost) when (lost is OperationCanceledException or HttpRequestException or InvalidOperationException)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.Clear();
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
        finally
        {
            _host.InFlight.Leave();
        }
    }

    private Task ServeAsync(HttpContext context, Function function, JobHost jobs)
    {
        var mode = function.IsHttpInAndOut ? _host.Options.Mode ?? _host.Options.App.Settings.Mode : HttpMode.Payload;
        return mode switch
        {
            HttpMode.Proxy => _proxy.ServeAsync(context, function, jobs.Invoker),
            HttpMode.Forward => _forward.ServeAsync(context, jobs.Invoker),
            _ => PayloadMode.ServeAsync(context, function, jobs, _host.Storage.Queues),
        };
    }
}
