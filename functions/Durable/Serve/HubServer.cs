using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PracticPro.Durable.Serve;

/// <summary>
/// A served hub on a port of loopback: HTTP/2 without TLS, nobody asked who they are, so nothing but this machine can
/// reach it. Ends in order: streams first, so that workers know; then the hub.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    private const int SmallestMessage = 4 << 20;
    private readonly WebApplication app;
    private readonly ServedHub hub;

    private HubServer(WebApplication app, ServedHub hub) => (this.app, this.hub) = (app, hub);

    /// <summary>As a client needs it: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Starts the hub and listens.</summary>
    /// <param name="port">0 takes a free one.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<HubServer> StartAsync(ServedHub hub, int port, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => Configure(server, hub.Options, port));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(hub);
        builder.Services.AddSingleton<AnswerInStatuses>();
        builder.Services.AddGrpc(grpc =>
        {
            // A worker sends a turn's answer in one message or in pieces of its own choice.
            grpc.MaxReceiveMessageSize = Math.Max(SmallestMessage, 4 * hub.Largest);
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<AnswerInStatuses>();
        });
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<TaskHubService>();
        hub.Start();
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new HubServer(app, hub);
    }

    /// <summary>Completes when the program was asked to end by a signal or <see cref="AskToEnd"/>, or the hub broke.</summary>
    public async Task WhenAskedToEndAsync(CancellationToken cancellation)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var end = app.Lifetime.ApplicationStopping.Register(() => asked.TrySetResult());
        await using var cancelled = cancellation.Register(() => asked.TrySetResult());
        await Task.WhenAny(asked.Task, hub.Hub.Ended);
    }

    public void AskToEnd() => app.Lifetime.StopApplication();

    /// <summary>Ends the streams and stops the hub. Does not throw when the hub broke.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await app.StopAsync(cancellation);
        await hub.Hub.StopAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await hub.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions server, ServeOptions options, int port)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = null;
        server.Limits.Http2.MaxStreamsPerConnection = 1_000;
        server.Limits.Http2.KeepAlivePingDelay = options.SilenceLimit;
        server.Limits.Http2.KeepAlivePingTimeout = options.SilenceLimit;

        // Small rates are no attack here, and a stream of work may be silent for long.
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
        server.Listen(IPAddress.Loopback, port, static listen => listen.Protocols = HttpProtocols.Http2);
    }
}
