using Microsoft.AspNetCore.Http.Features;
using PracticPro.FunctionsHost.Handler;

namespace PracticPro.FunctionsHost.Front;

/// <summary>
/// HTTP functions as copies of their requests: the body only when it has a length, the query written anew with repeated
/// keys joined, the answer read to its end before the caller sees any of it.
/// </summary>
internal sealed class ForwardMode : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    public async Task ServeAsync(HttpContext context, Invoker invoker)
    {
        using var limit = invoker.Limit is { } time ? new CancellationTokenSource(time, invoker.Clock) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, invoker.Stopping);
        var life = await invoker.Handler.ReadyAsync(both.Token);
        using var request = await CopyAsync(context.Request, life, both.Token);
        HandlerCall.Stamp(request, invoker.Dice.NextGuid());
        try
        {
            using var answer = await _http.SendAsync(request, both.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(both.Token);
            await WriteAsync(context.Response, answer, body);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await invoker.Handler.RestartAsync(invoker.Stopping);
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<HttpRequestMessage> CopyAsync(HttpRequest from, HandlerLife life, CancellationToken cancellation)
    {
        var query = string.Join('&', from.Query.Select(one =>
            $"{Uri.EscapeDataString(one.Key)}={string.Join(',', one.Value.Select(value => Uri.EscapeDataString(value ?? "")))}"));
        var path = from.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var request = new HttpRequestMessage(
            new HttpMethod(from.Method), new Uri(life.Address, query.Length == 0 ? path : $"{path}?{query}"));
        foreach (var (name, values) in from.Headers)
        {
            if (!name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        if (from.ContentLength is { } length)
        {
            using var bytes = new MemoryStream();
            await from.Body.CopyToAsync(bytes, cancellation);
            request.Content = new ByteArrayContent(bytes.ToArray());
            request.Content.Headers.ContentLength = length;
            foreach (var (name, values) in from.Headers.Where(one => one.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                && !one.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            {
                request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return request;
    }

    private static async Task WriteAsync(HttpResponse response, HttpResponseMessage answer, byte[] body)
    {
        response.StatusCode = (int)answer.StatusCode;
        response.HttpContext.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = answer.ReasonPhrase;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        await response.Body.WriteAsync(body);
    }
}
