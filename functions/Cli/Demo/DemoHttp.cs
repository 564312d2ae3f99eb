using System.Net;
using System.Text.Json;

namespace PracticPro.Cli.Demo;

/// <summary>
/// One loopback server as the demo's person and the demo's stagehand reach it. Redirects are not followed, for the demo
/// plays the browser. Calls that only read are tried again for a while: the server may just be starting again.
/// </summary>
internal sealed class DemoHttp : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private const int MostTries = 300;

    private readonly HttpClient http;

    /// <exception cref="ArgumentException">The address is not a loopback one.</exception>
    public DemoHttp(Uri home)
    {
        if (!home.IsLoopback)
        {
            throw new ArgumentException("The demo speaks to this machine only.", nameof(home));
        }

        // The one client outside the door: it is no part of the product but the person and the stagehand in front of
        // it, and it reaches nothing but loopback. Cookies are kept by hand: the session's is for https only, which a
        // browser waives on loopback and .NET's cookie jar does not.
#pragma warning disable RS0030
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false })
#pragma warning restore RS0030
        {
            BaseAddress = home,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public async Task<T> GetAsync<T>(string path, string? cookie, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var answer = await SendAsync(HttpMethod.Get, path, null, cookie, null, cancellation);
                return await ReadAsync<T>(answer, cancellation);
            }
            catch (HttpRequestException) when (attempt < MostTries)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>Waits until the server says of itself that it is well: it may be down, and a host in front of it may say so.</summary>
    /// <exception cref="TimeoutException">It does not come back.</exception>
    public async Task UntilHealthyAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; attempt < MostTries; attempt++)
        {
            try
            {
                using var answer = await SendAsync(HttpMethod.Get, "/healthz", null, null, null, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }

        throw new TimeoutException("The server did not come back.");
    }

    /// <summary>Sends once. The answer may have any status.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, string? cookie, string? csrfToken, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        if (csrfToken is not null)
        {
            request.Headers.Add("X-CSRF-Token", csrfToken);
        }

        return await http.SendAsync(request, cancellation);
    }

    public static JsonContent Json(object body) => JsonContent.Create(body, options: Web);

    /// <summary>The body of a good answer.</summary>
    /// <exception cref="DemoTroubleException">The server refused.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw await TroubleAsync(answer, cancellation);
        }

        return await answer.Content.ReadFromJsonAsync<T>(Web, cancellation)
            ?? throw new DemoTroubleException(answer.StatusCode, "empty-answer");
    }

    public static async Task<DemoTroubleException> TroubleAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<DemoShapes.Problem>(Web, cancellation);
            return new DemoTroubleException(answer.StatusCode, problem?.Code ?? "no-code");
        }
        catch (JsonException)
        {
            return new DemoTroubleException(answer.StatusCode, "no-problem-details");
        }
    }

    public void Dispose() => http.Dispose();
}

/// <summary>The server said no where the demo's story needs a yes.</summary>
internal sealed class DemoTroubleException(HttpStatusCode status, string code) : Exception($"{(int)status} {code}")
{
    public string Code { get; } = code;
}
