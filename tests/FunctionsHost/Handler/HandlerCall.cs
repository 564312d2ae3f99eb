using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Handler;

/// <summary>Payload calls over HTTP/1.1: the captured headers in their order, redirects followed, nothing retried.</summary>
internal sealed class HandlerCall : IDisposable
{
    public const string HostVersion = "4.1037.0.0";

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = true,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    });

    /// <summary>One POST; the response's body is read to its end.</summary>
    /// <param name="sent">Told when the request has gone out whole.</param>
    /// <exception cref="HttpRequestException">No answer.</exception>
    public async Task<(HttpResponseMessage Response, byte[] Body)> PostAsync(
        HandlerLife life, Function function, Guid invocation, byte[] body, Action sent, CancellationToken cancellation)
    {
        using var content = new SlicedContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(life.Address, Uri.EscapeDataString(function.Name)));
        Stamp(request, invocation);
        request.Content = content;
        _ = content.Sent.ContinueWith(_ => sent(), TaskScheduler.Default);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(life.Ended, cancellation);
        try
        {
            var response = await _http.SendAsync(request, either.Token);
            return (response, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (life.Ended.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw Lost();
        }
    }

    /// <summary>The headers every call of the host carries, in their order.</summary>
    public static void Stamp(HttpRequestMessage request, Guid invocation)
    {
        request.Headers.TryAddWithoutValidation("X-Azure-Functions-HostVersion", HostVersion);
        request.Headers.TryAddWithoutValidation("X-Azure-Functions-InvocationId", invocation.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", $"Azure-Functions-Host/{HostVersion}");
    }

    /// <summary>What a connection says that ended without an answer.</summary>
    public static HttpRequestException Lost() => new(
        "An error occurred while sending the request.",
        new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely."));

    public void Dispose() => _http.Dispose();
}
