using System.Net.Sockets;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Faults;
using PracticPro.FunctionsHost.Handler;
using Yarp.ReverseProxy.Forwarder;

namespace PracticPro.FunctionsHost.Front;

/// <summary>HTTP functions as the request itself, streamed both ways by the library the real host uses.</summary>
internal sealed class ProxyMode(IHttpForwarder forwarder) : IDisposable
{
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker _http = new(new PatientHandler(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
    }));

    public async Task ServeAsync(HttpContext context, Function function, Invoker invoker)
    {
        using var limit = invoker.Limit is { } time ? new CancellationTokenSource(time, invoker.Clock) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, invoker.Stopping, context.RequestAborted);
        var life = await invoker.Handler.ReadyAsync(both.Token);
        var kill = invoker.Faults.Take(function, invoker.Dice) is { Kind: FaultKind.KillWhileRunning or FaultKind.KillAfterAnswer };
        var serving = forwarder.SendAsync(
            context, life.Address.AbsoluteUri, _http, Config, new Stamps(invoker.Dice.NextGuid()), both.Token);
        if (kill)
        {
            await invoker.Handler.KillAsync();
        }

        await serving;
        if (limit.IsCancellationRequested)
        {
            await invoker.Handler.RestartAsync(invoker.Stopping);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// The library's own defaults (the Host header becomes the handler's address, who called goes into X-Forwarded-For,
    /// -Host and -Proto in place of what stood there), and the headers the host adds.
    /// </summary>
    private sealed class Stamps(Guid invocation) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await Default.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [
                ("X-Azure-Functions-HostVersion", HandlerCall.HostVersion),
                ("X-Azure-Functions-InvocationId", invocation.ToString()),
                ("x-ms-invocation-id", invocation.ToString()),
            ])
            {
                proxyRequest.Headers.Remove(name);
                proxyRequest.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    /// <summary>Ten tries while nobody listens, 50 to 250 ms apart.</summary>
    private sealed class PatientHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const int MostTries = 10;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var tried = 1; ; tried++)
            {
                try
                {
                    return await base.SendAsync(request, cancellationToken);
                }
                catch (HttpRequestException refused) when (tried < MostTries && refused.InnerException is SocketException)
                {
                    var wait = TimeSpan.FromMilliseconds(Math.Min(50 * tried, 250));
                    await Task.Delay(wait, TimeProvider.System, cancellationToken);
                }
            }
        }
    }
}
