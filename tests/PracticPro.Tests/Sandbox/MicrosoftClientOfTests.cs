using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Microsoft;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sandbox;

/// <summary>A sandbox in this process and a client that talks to its Microsoft side over real HTTP.</summary>
internal sealed class MicrosoftClientOfTests : IAsyncDisposable
{
    public const string Immutable = "IdType=\"ImmutableId\"";

    private static readonly string Owner = SandboxOptions.DefaultOutlookAccount;

    private MicrosoftClientOfTests(SandboxHost host, FakeClock clock)
    {
        Host = host;
        Clock = clock;
        Http = LoopbackHttp.To(host.Address);
        SignIn(MicrosoftScopes.All);
    }

    public SandboxHost Host { get; }

    public FakeClock Clock { get; }

    public HttpClient Http { get; }

    public MicrosoftWorld World => Host.World.Microsoft;

    public OutlookAccount Account => World.Accounts.Find(Owner)!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>With an empty account unless the options say otherwise.</summary>
    public static async Task<MicrosoftClientOfTests> StartAsync(Func<SandboxOptions, SandboxOptions>? with = null)
    {
        var clock = new FakeClock(SandboxClient.Start);
        var options = new SandboxOptions { Clock = clock, Seed = 42, Fill = false };
        return new MicrosoftClientOfTests(
            await SandboxHost.StartAsync(with?.Invoke(options) ?? options, Ending), clock);
    }

    public void SignIn(params string[] scopes) => Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
        "Bearer", World.Grants.IssueAccess(MicrosoftClient.Default, Owner, scopes).Token);

    /// <summary>A Graph path below the version, or a whole link.</summary>
    public Task<Reply> GetAsync(string path, params string[] prefer) => CallAsync(HttpMethod.Get, path, null, prefer);

    public Task<Reply> PostAsync(string path, JsonNode? body = null, params string[] prefer) =>
        CallAsync(HttpMethod.Post, path, body, prefer);

    public Task<Reply> PatchAsync(string path, JsonNode body, string? ifMatch = null) =>
        CallAsync(HttpMethod.Patch, path, body, [], ifMatch);

    public Task<Reply> DeleteAsync(string path, string? ifMatch = null) =>
        CallAsync(HttpMethod.Delete, path, null, [], ifMatch);

    public Task<Reply> PostTextAsync(string path, byte[] mime) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, At(path))
        {
            Content = new StringContent(Convert.ToBase64String(mime), Encoding.ASCII, "text/plain"),
        });

    /// <summary>A control call below /control/microsoft.</summary>
    public Task<Reply> ControlAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        var request = new HttpRequestMessage(method, "/control/microsoft/" + path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return SendAsync(request);
    }

    public Task SetAsync(JsonObject settings) => ControlAsync(HttpMethod.Put, "settings", settings);

    public async Task<JsonNode> DeliverAsync(string subject, string folder = "inbox", string? inReplyTo = null) =>
        (await ControlAsync(HttpMethod.Post, $"accounts/{Owner}/deliver", new JsonObject
        {
            ["subject"] = subject,
            ["folder"] = folder,
            ["inReplyTo"] = inReplyTo,
        })).Body!;

    public Task<Reply> OwnerActsAsync(string path, JsonNode? body = null) =>
        ControlAsync(HttpMethod.Post, $"accounts/{Owner}/{path}", body ?? new JsonObject());

    /// <summary>All pages of a delta query and the link of the next round.</summary>
    public async Task<(List<JsonNode> Items, string DeltaLink, int Pages)> RoundAsync(
        string path, params string[] prefer)
    {
        var items = new List<JsonNode>();
        for (int pages = 1; ; pages++)
        {
            Reply reply = await GetAsync(path, prefer);
            Assert.Equal(200, reply.Status);
            items.AddRange(reply.Body!["value"]!.AsArray().Select(item => item!));
            if ((string?)reply.Body["@odata.deltaLink"] is string deltaLink)
            {
                Assert.Null(reply.Body["@odata.nextLink"]);
                return (items, deltaLink, pages);
            }

            path = (string)reply.Body["@odata.nextLink"]!;
        }
    }

    /// <summary>One page that is not the last, and the link of the next one.</summary>
    public async Task<(List<JsonNode> Items, string NextLink)> PageAsync(string path, params string[] prefer)
    {
        Reply reply = await GetAsync(path, prefer);
        Assert.Equal(200, reply.Status);
        return ([.. reply.Body!["value"]!.AsArray().Select(item => item!)], (string)reply.Body["@odata.nextLink"]!);
    }

    public static JsonObject Letter(string subject, string to = "ada@mail.example") => new()
    {
        ["subject"] = subject,
        ["body"] = new JsonObject { ["contentType"] = "text", ["content"] = "Hi." },
        ["toRecipients"] = new JsonArray(
            new JsonObject { ["emailAddress"] = new JsonObject { ["address"] = to } }),
    };

    public static JsonObject Event(string subject, string start, string end, JsonObject? recurrence = null)
    {
        var json = new JsonObject
        {
            ["subject"] = subject,
            ["start"] = new JsonObject { ["dateTime"] = start, ["timeZone"] = "UTC" },
            ["end"] = new JsonObject { ["dateTime"] = end, ["timeZone"] = "UTC" },
        };
        if (recurrence is not null)
        {
            json["recurrence"] = recurrence;
        }

        return json;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
    }

    private Task<Reply> CallAsync(
        HttpMethod method, string path, JsonNode? body, string[] prefer, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, At(path));
        foreach (string one in prefer)
        {
            request.Headers.TryAddWithoutValidation("Prefer", one);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return SendAsync(request);
    }

    private static string At(string path) =>
        path.StartsWith("http://", StringComparison.Ordinal) ? path : "/v1.0/" + path;

    private async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        using (HttpResponseMessage response = await Http.SendAsync(request, Ending))
        {
            string text = await response.Content.ReadAsStringAsync(Ending);
            bool isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
            return new Reply((int)response.StatusCode, isJson ? JsonNode.Parse(text) : text, response.Headers);
        }
    }
}
