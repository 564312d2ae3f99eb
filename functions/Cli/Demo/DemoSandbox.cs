using System.Net;
using System.Text.RegularExpressions;

namespace PracticPro.Cli.Demo;

/// <summary>The sandbox from outside: its consent page as a browser meets it, and the control calls that say what is true there.</summary>
internal sealed partial class DemoSandbox(Uri home) : IDisposable
{
    public const string ClientId = "practicpro-sandbox.apps.googleusercontent.example";
    public const string PushAccount = "push@practicpro-sandbox.iam.gserviceaccount.example";
    public const string PushTopic = "projects/practicpro-sandbox/topics/gmail";

    /// <summary>The sandbox's own, known to everybody who has its source: it opens nothing but the sandbox.</summary>
    public const string ClientSecret = "GOCSPX-sandbox-secret";

    private readonly DemoHttp http = new(home);

    public Uri Home { get; } = home;

    /// <summary>Points pushes at a server's webhook.</summary>
    public async Task PushToAsync(Uri endpoint, CancellationToken cancellation)
    {
        using var answer = await http.SendAsync(
            HttpMethod.Put,
            "/control/push",
            DemoHttp.Json(new { endpoint, audience = endpoint.ToString(), email = PushAccount }),
            null,
            null,
            cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Fills in the consent page: this account, everything asked for, allow.</summary>
    /// <returns>Where the browser is sent back to.</returns>
    public async Task<Uri> ConsentAsync(Uri authorizeUrl, string account, CancellationToken cancellation)
    {
        using var shown = await http.SendAsync(HttpMethod.Get, authorizeUrl.PathAndQuery, null, null, null, cancellation);
        var page = await shown.Content.ReadAsStringAsync(cancellation);
        List<KeyValuePair<string, string>> form = [new("account", account), new("company", account), new("decision", "allow")];
        foreach (Match field in FormField().Matches(page))
        {
            form.Add(new(field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value)));
        }

        using var content = new FormUrlEncodedContent(form);
        using var decided = await http.SendAsync(
            HttpMethod.Post, authorizeUrl.AbsolutePath, content, null, null, cancellation);
        return decided.Headers.Location ?? throw new DemoTroubleException(decided.StatusCode, "consent-not-taken");
    }

    /// <summary>A control call that is asked for what it does.</summary>
    public async Task TellAsync(HttpMethod method, string path, object body, CancellationToken cancellation)
    {
        using var answer = await http.SendAsync(method, path, DemoHttp.Json(body), null, null, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A control call that is asked for what it shows.</summary>
    public Task<T> AskAsync<T>(string path, CancellationToken cancellation) => http.GetAsync<T>(path, null, cancellation);

    public Task<DemoShapes.Dump> DumpAsync(string mailbox, CancellationToken cancellation) =>
        http.GetAsync<DemoShapes.Dump>($"/control/mailboxes/{mailbox}/dump", null, cancellation);

    /// <summary>How often each Message-ID was sent, without its angle brackets.</summary>
    public async Task<IReadOnlyDictionary<string, int>> SentAsync(CancellationToken cancellation) =>
        (await http.GetAsync<DemoShapes.Statistics>("/control/statistics", null, cancellation)).SendsByMessageId
            .ToDictionary(pair => pair.Key.Trim('<', '>'), pair => pair.Value, StringComparer.Ordinal);

    public void Dispose() => http.Dispose();

    [GeneratedRegex("""<input type="(?:hidden|checkbox)" name="(?<name>[^"]*)" value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex FormField();
}
