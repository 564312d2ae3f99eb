using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.OAuth;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sandbox;

/// <summary>An answer as a test looks at it.</summary>
internal sealed record Reply(int Status, JsonNode? Body, HttpResponseHeaders Headers)
{
    public string? Reason => (string?)Body?["error"]?["errors"]?[0]?["reason"];

    public string Text(string name) => (string)Body![name]!;
}

/// <summary>A sandbox in this process and a client that talks to it over real HTTP. The clock is the test's.</summary>
internal sealed class SandboxClient : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private SandboxClient(SandboxHost host, FakeClock clock)
    {
        Host = host;
        Clock = clock;
        Http = LoopbackHttp.To(host.Address);
        SignIn(GmailScopes.Full);
    }

    public SandboxHost Host { get; }

    public FakeClock Clock { get; }

    public HttpClient Http { get; }

    public World World => Host.World;

    public Mailbox Owner => World.Mailboxes.Find(SandboxOptions.DefaultMailbox)!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>With empty mailboxes unless the options say otherwise.</summary>
    public static async Task<SandboxClient> StartAsync(Func<SandboxOptions, SandboxOptions>? with = null)
    {
        var clock = new FakeClock(Start);
        var options = new SandboxOptions { Clock = clock, Seed = 42, Fill = false };
        return new SandboxClient(await SandboxHost.StartAsync(with?.Invoke(options) ?? options, Ending), clock);
    }

    public static Task<SandboxClient> StartWithSamplesAsync() => StartAsync(options => options with { Fill = true });

    public void SignIn(params string[] scopes) => SignInAs(SandboxOptions.DefaultMailbox, scopes);

    public void SignInAs(string account, params string[] scopes) => Http.DefaultRequestHeaders.Authorization =
        new AuthenticationHeaderValue("Bearer", World.Grants.IssueAccess(OAuthClient.Default, account, scopes));

    /// <summary>A Gmail path below the user, as "messages/send".</summary>
    public Task<Reply> GmailAsync(HttpMethod method, string path, JsonObject? body = null) =>
        CallAsync(method, "/gmail/v1/users/me/" + path, body);

    public Task<Reply> GetAsync(string path) => GmailAsync(HttpMethod.Get, path);

    public Task<Reply> PostAsync(string path, JsonObject? body = null) => GmailAsync(HttpMethod.Post, path, body);

    public async Task<Reply> CallAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return await ReadAsync(await Http.SendAsync(request, Ending));
    }

    public async Task<Reply> FormAsync(string path, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        return await ReadAsync(await Http.PostAsync(path, form, Ending));
    }

    /// <summary>Delivers a plain letter to the owner and answers it as the mailbox holds it.</summary>
    public async Task<JsonNode> DeliverAsync(string subject = "Hello", string? inReplyTo = null)
    {
        const string path = $"/control/mailboxes/{SandboxOptions.DefaultMailbox}/deliver";
        Reply reply = await CallAsync(HttpMethod.Post, path, new JsonObject
        {
            ["from"] = "Ada <ada@mail.example>",
            ["subject"] = subject,
            ["text"] = "x",
            ["inReplyTo"] = inReplyTo,
        });
        return reply.Body!["messages"]![0]!.DeepClone();
    }

    /// <summary>A letter from the owner, ready to be the raw of a message.</summary>
    public static string Raw(string subject = "Hello", string headers = "", string text = "Hi.") => Encode(
        $"From: {SandboxOptions.DefaultMailbox}\r\nTo: ada@mail.example\r\nSubject: {subject}\r\n"
        + $"{headers}\r\n{text}\r\n");

    public static string Encode(string mail) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(mail));

    public static byte[] Decode(JsonNode? data) => Base64Url.DecodeFromChars(((string)data!).TrimEnd('='));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
    }

    private static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(Ending);
        bool isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
        return new Reply((int)response.StatusCode, isJson ? JsonNode.Parse(text) : text, response.Headers);
    }
}
