using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;

namespace PracticPro.Azurite.Front;

/// <summary>Passes a request on to Azurite as it is, and its answer back. Reaches this machine only.</summary>
internal sealed class Relay : IDisposable
{
    private static readonly string[] OfTheConnection =
        ["Connection", "Keep-Alive", "Transfer-Encoding", "Host", "Expect", "Upgrade", "Server", "Date"];

    private readonly HttpMessageInvoker invoker;

    public Relay(X509Certificate2 authority)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority);
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
        });
    }

    /// <summary>Asks the service behind. The caller disposes the answer.</summary>
    public Task<HttpResponseMessage> AskAsync(HttpContext context, Uri home, CancellationToken cancellation)
    {
        var from = context.Request;
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(home, target));
        if (from.ContentLength is > 0 || from.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(from.Body);
        }
        else if (from.ContentLength is 0)
        {
            request.Content = new ByteArrayContent([]);
        }

        foreach (var (name, values) in from.Headers)
        {
            if (!OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return invoker.SendAsync(request, cancellation);
    }

    /// <summary>Whether the blob of the request is there, asked in the name of the caller.</summary>
    public async Task<bool> IsThereAsync(HttpContext context, Uri home, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(home, context.Request.Path.ToUriComponent()));
        foreach (var name in (string[])["Authorization", "x-ms-version", "x-ms-date"])
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
            {
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var answer = await invoker.SendAsync(request, cancellation);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Gives the answer to the caller.</summary>
    /// <param name="most">Bytes of the body after which the connection is cut; null for all of it.</param>
    public static async Task GiveAsync(HttpContext context, HttpResponseMessage answer, long? most = null)
    {
        var to = context.Response;
        to.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                to.Headers[name] = values.ToArray();
            }
        }

        if (HttpMethods.IsHead(context.Request.Method) || answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
        {
            return;
        }

        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        if (most is null)
        {
            await body.CopyToAsync(to.Body, context.RequestAborted);
            return;
        }

        var piece = new byte[most.Value];
        await to.Body.WriteAsync(piece.AsMemory(0, await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false)));
        await to.Body.FlushAsync();
        context.Abort();
    }

    public void Dispose() => invoker.Dispose();
}
