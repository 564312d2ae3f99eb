using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PracticPro.Access;

namespace PracticPro.Tests.Web;

/// <summary>Somebody who calls the program: keeps their cookie by hand, as no jar would send a Secure one to loopback.</summary>
internal sealed class Caller(Uri address)
{
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler
    {
        UseCookies = false, AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(30),
    });

    public string? Cookie { get; set; }

    public string? Csrf { get; set; }

    public List<HttpResponseMessage> Answers { get; } = [];

    public async Task SignInAsync(string name, string password)
    {
        var answer = await PostAsync("/api/v1/session", new { name, password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Csrf = (string?)(await JsonAsync(answer))["csrfToken"];
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? accept = null) =>
        SendAsync(HttpMethod.Get, path, null, accept);

    public Task<HttpResponseMessage> PageAsync(string path) => GetAsync(path, "text/html");

    public Task<HttpResponseMessage> PostAsync(string path, object body) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), null);

    /// <summary>A form as a page of ours would send it: with the token, unless the fields say otherwise.</summary>
    public Task<HttpResponseMessage> FormAsync(string path, params (string Name, string Value)[] fields)
    {
        var all = fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).ToList();
        if (Csrf is not null && fields.All(field => field.Name != ForgeryCheck.Field))
        {
            all.Add(KeyValuePair.Create(ForgeryCheck.Field, Csrf));
        }

        return SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(all), "text/html", header: false);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, string? accept, bool header = true, Action<HttpRequestMessage>? adjust = null)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = body };
        if (Cookie is not null)
        {
            request.Headers.Add("Cookie", Cookie);
        }

        if (header && Csrf is not null)
        {
            request.Headers.Add(ForgeryCheck.Header, Csrf);
        }

        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        adjust?.Invoke(request);
        var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        Answers.Add(answer);
        return answer;
    }

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

    public static async Task<string> CodeOfAsync(HttpResponseMessage answer) => (string)(await JsonAsync(answer))["code"]!;
}
