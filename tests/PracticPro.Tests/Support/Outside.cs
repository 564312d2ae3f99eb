using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Control;
using PracticPro.Sandbox.Faults;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Support;

/// <summary>What a person does on the consent page.</summary>
internal sealed record Consent(string Account, IReadOnlyList<string> Ticked, bool Allows = true);

/// <summary>The world outside, as the sandbox plays it: people who write, a person at a browser, a provider that fails.</summary>
internal sealed class Outside(SandboxHost sandbox)
{
    public const string Mailbox = "owner@harbour-clinic.example";

    // Not the program's way out: this is a person's browser, and the hand behind the scenery.
    private static readonly HttpMessageInvoker Browser =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public World World => sandbox.World;

    /// <summary>Everything in the mailbox now.</summary>
    public MailboxDump Dump(string address = Mailbox)
    {
        var mailbox = World.Mailboxes.Find(address)!;
        lock (mailbox.Gate)
        {
            return MailboxDump.Of(mailbox);
        }
    }

    public Task FillAsync(int letters, string address = Mailbox) =>
        ControlAsync("mailboxes", new { address, count = letters });

    /// <summary>A letter that arrives; gives its id at the provider.</summary>
    public async Task<string> DeliverAsync(
        string from = "Ada Okafor <ada@mail.example>", string subject = "A question", string text = "Could you help?")
    {
        var answer = await ControlAsync($"mailboxes/{Mailbox}/deliver", new { from, subject, text });
        return answer!["messages"]![0]!["id"]!.GetValue<string>();
    }

    public Task TrashAsync(string id) => ControlAsync($"mailboxes/{Mailbox}/messages/{id}/trash", new { });

    public Task DeleteAsync(string id) => ControlAsync($"mailboxes/{Mailbox}/messages/{id}/delete", new { });

    public Task LabelAsync(string id, string[]? add = null, string[]? remove = null) =>
        ControlAsync($"mailboxes/{Mailbox}/messages/{id}/labels", new { add, remove });

    public Task EmptyAsync() => ControlAsync($"mailboxes/{Mailbox}/empty", new { });

    public Task ExpireHistoryAsync() => ControlAsync($"mailboxes/{Mailbox}/expire-history", new { });

    /// <summary>Lets a call fail; the path is a pattern.</summary>
    public FaultRule Fail(string path, FaultKind kind, string? reason = null, int times = 1, int after = 0, string? method = null) =>
        World.Faults.Add(new FaultMatch(method, path, null), new FaultAction(kind) { Reason = reason }, after, times);

    public FaultRule Fail(string path, FaultAction action, int times = 1) =>
        World.Faults.Add(new FaultMatch(null, path, null), action, 0, times);

    /// <summary>Requests so far whose method and path template contain the words.</summary>
    public int Asked(string words) => World.Statistics.Requests
        .Where(pair => pair.Key.Contains(words, StringComparison.Ordinal))
        .Sum(pair => pair.Value);

    public int Refreshes => World.Statistics.Exchanges.GetValueOrDefault("refresh_token");

    /// <summary>Connects a mailbox as a person does: to the consent page, there and back.</summary>
    public static async Task<Outcome<ConnectionId>> ConnectAsync(Premises premises, SignedIn by, Func<Consent, Consent>? change)
    {
        var page = (await premises.Get<StartConnection>().RunAsync(by, GmailConnector.Name, Cancellation)).Expect();
        var answer = await ConsentAsync(page, change);
        return await premises.Get<FinishConnection>().RunAsync(by, answer, Cancellation);
    }

    /// <summary>The consent page filled in and sent; gives what the browser comes back with.</summary>
    public static async Task<FinishConnection.Answer> ConsentAsync(Uri page, Func<Consent, Consent>? change = null)
    {
        using var shown = await Browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, page), Cancellation);
        var form = new HtmlParser().ParseDocument(await shown.Content.ReadAsStringAsync(Cancellation));
        var hidden = form.QuerySelectorAll("input[type=hidden]")
            .Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value")!));
        var offered = form.QuerySelectorAll("input[name=granted]").Select(box => box.GetAttribute("value")!);
        var consent = new Consent(Mailbox, [.. offered]);
        consent = change?.Invoke(consent) ?? consent;
        List<KeyValuePair<string, string>> fields =
        [
            .. hidden,
            .. consent.Ticked.Select(scope => KeyValuePair.Create("granted", scope)),
            new("account", consent.Account),
            new("decision", consent.Allows ? "allow" : "deny"),
        ];
        using var content = new FormUrlEncodedContent(fields);
        using var sent = new HttpRequestMessage(HttpMethod.Post, page) { Content = content };
        using var answer = await Browser.SendAsync(sent, Cancellation);
        var back = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return new FinishConnection.Answer(
            answer.Headers.Location.Segments[^2].TrimEnd('/'), back["state"], back.GetValueOrDefault("code"));
    }

    private async Task<JsonNode?> ControlAsync(string path, object wish)
    {
        using var content = JsonContent.Create(wish, options: JsonSerializerOptions.Web);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(sandbox.Address, $"control/{path}")) { Content = content };
        using var answer = await Browser.SendAsync(request, Cancellation);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
