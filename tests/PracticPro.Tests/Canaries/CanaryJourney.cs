using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Data.Sqlite;
using PracticPro.Cli;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.OAuth;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Tests.Web;
using PracticPro.Vault;

namespace PracticPro.Tests.Canaries;

/// <summary>
/// One practice's life in a real server with a canary in everything that is secret or personal: it connects, reads, is pushed
/// to, drafts, edits, rejects, sends, meets failures of its provider, of its callers and of its own store, is backed up and
/// exported, and is looked at by the command line. Afterwards every place it could have written to is there to be scanned.
/// </summary>
public sealed class CanaryJourney : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo work = Directory.CreateTempSubdirectory("canaries-");
    private readonly Dictionary<string, string> texts = [];
    private readonly Dictionary<string, byte[]> keys = [];
    private readonly List<Caller> callers = [];
    private readonly Uri address = DemoServer.FreeAddress();
    private SandboxHost? sandbox;
    private TenantId tenant;
    private string rejected = "";

    internal string Work => work.FullName;

    /// <summary>Texts to look for, by what they are.</summary>
    internal IReadOnlyDictionary<string, string> Texts => texts;

    /// <summary>Bytes to look for: the keys of the key file, and the data keys they unwrap.</summary>
    internal IReadOnlyDictionary<string, byte[]> Keys => keys;

    /// <summary>Every answer anybody got.</summary>
    internal IReadOnlyList<HttpResponseMessage> Answers => [.. callers.SelectMany(caller => caller.Answers)];

    /// <summary>The server's command line and environment, as its user's other programs see them.</summary>
    internal byte[] CommandLineBytes { get; private set; } = [];

    internal byte[] EnvironmentBytes { get; private set; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private World World => sandbox!.World;

    private string Data => Path.Combine(Work, "data");

    private string[] Settings =>
    [
        .. DemoSettings.For(sandbox!.Address, Data, address, "00:00:01", "00:00:01").Chunk(2)
            .Where(pair => pair[0] != "--Sync:GoogleClientSecret").SelectMany(pair => pair),
        "--Backup:Folder", Path.Combine(Work, "backup"), "--Backup:EverySeconds", "1",
    ];

    private (string, string)[] Environment => [("Sync__GoogleClientSecret", texts["client-secret"])];

    public async ValueTask InitializeAsync()
    {
        WatchedServer.MakeFolders(Work);
        sandbox = await SandboxHost.StartAsync(
            new SandboxOptions
            {
                Fill = false,
                Mailboxes = [$"{Plant("mailbox")}@harbour-clinic.example"],
                Clients = [new OAuthClient(DemoSandbox.ClientId, Plant("client-secret"), [])],
            },
            Cancellation);
        await FoundAsync();
        await LiveAsync();
        await BreakAsync();
        await LookByCommandLineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (sandbox?.DisposeAsync() ?? default);
        work.Delete(recursive: true);
    }

    /// <summary>A text that nobody else writes. Letters only, so that it is a name, an address and a word alike.</summary>
    private string Plant(string what) =>
        texts[what] = $"kanari{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 12)}";

    private async Task FoundAsync()
    {
        var made = await WatchedServer.RunAsync(
            Work,
            [
                "practice", "create", "--name", "Harbour Clinic", "--owner", $"Olga {Plant("owner-name")}",
                "--sign-in", $"{Plant("sign-in-name")}@practice.example", "--Standalone:Folder", Data,
            ],
            Plant("password"));
        Assert.Equal(ExitCodes.Done, made.ExitCode);
        await using var folder = await OpenedFolder.OpenAsync(["--Standalone:Folder", Data], Cancellation);
        tenant = await folder.Of<IFleet>().TenantsAsync(Cancellation).FirstAsync(Cancellation);
        var store = new DataKeyStore(folder.Of<IStorage>().For(tenant).Documents, folder.Of<IKeyEncryption>(), TimeProvider.System);
        foreach (var record in await store.LoadAsync(Cancellation))
        {
            using var key = (await store.UnwrapAsync(record, Cancellation)).Expect();
            keys[$"data key {record.Use}"] = key.Reveal("to look for it").ToArray();
        }
    }

    private async Task LiveAsync()
    {
        await using var server = await WatchedServer.StartAsync(Work, Settings, Environment);
        await DeliverAsync("backfill");
        await KnockAsync();
        var owner = Caller();
        await owner.SignInAsync($"{texts["sign-in-name"]}@practice.example", texts["password"]);
        (texts["session-token"], texts["csrf-token"]) = (owner.Cookie!.Split('.')[1], owner.Csrf!);
        var connection = await ConnectAsync(owner);
        await DecideAsync(owner, connection);
        await FailAsync(owner, connection);
        await LookAroundAsync(owner);
        foreach (var (name, key) in KeyFileContent.Of(Path.Combine(Data, "keys.json")))
        {
            keys[name] = key;
        }

        CommandLineBytes = await File.ReadAllBytesAsync($"/proc/{server.Id}/cmdline", Cancellation);
        EnvironmentBytes = await ReadEnvironmentAsync(server.Id);
        await Deadline.UntilAsync(() => Task.FromResult(Directory.Exists(Path.Combine(Work, "backup"))
            && Directory.GetFiles(Path.Combine(Work, "backup"), "*", SearchOption.AllDirectories).Length > 3), Patience, Cancellation);
        Assert.Equal(ExitCodes.Done, await server.StopAsync());
    }

    /// <summary>Bad sign-ins, bad bodies, bad addresses.</summary>
    private async Task KnockAsync()
    {
        var nobody = Caller();
        await nobody.FormAsync("/sign-in", ("name", Plant("wrong-name")), ("password", Plant("wrong-password")));
        await nobody.PostAsync("/api/v1/session", new { name = texts["wrong-name"], password = texts["wrong-password"] });
        await nobody.SendAsync(HttpMethod.Post, "/api/v1/session", Body($"{{\"name\":\"{Plant("bad-json")}\",\"password\":", "application/json"), null);
        await nobody.SendAsync(HttpMethod.Post, "/api/v1/session", Body($"{{\"name\":7,\"{texts["bad-json"]}\":1}}", "application/json"), null);
        await nobody.SendAsync(HttpMethod.Post, "/sign-in", Body(Plant("bad-form"), "multipart/form-data; boundary=x"), "text/html");
        await nobody.PageAsync($"/nothing/{Plant("bad-address")}?q={texts["bad-address"]}");
        await nobody.GetAsync($"/api/v1/approvals/{texts["bad-address"]}?cursor={texts["bad-address"]}");
        await nobody.SendAsync(
            HttpMethod.Get, "/inbox", null, "text/html", adjust: request => request.Headers.Add("Cookie", $"__Host-practicpro=t.{Plant("bad-cookie")}"));
        await nobody.SendAsync(
            HttpMethod.Post, "/webhooks/gmail", Body("{}", "application/json"), null,
            adjust: request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Plant("bad-bearer")}"));
    }

    private async Task<string> ConnectAsync(Caller owner)
    {
        using var outside = new DemoSandbox(sandbox!.Address);
        await outside.PushToAsync(DemoSettings.WebhookOf(address), Cancellation);
        await owner.PageAsync($"/connect/google/callback?state={Plant("bad-state")}&code={Plant("bad-code")}");

        // The provider fails while a code is exchanged, and quotes what it should not.
        World.Faults.Add(new FaultMatch("POST", "/token$", null), new FaultAction(FaultKind.Status) { Message = Plant("provider-error") });
        await ConsentAsync(owner, outside, "first-code");
        World.Faults.Clear();
        await ConsentAsync(owner, outside, "code");
        await UntilAsync(async () => (await ItemsAsync(owner, "/api/v1/connections")) is [var one] && (string?)one["sync"]?["completeSince"] is not null);
        texts["access-token"] = SandboxTokens.Of(World, "_access");
        texts["refresh-token"] = SandboxTokens.Of(World, "_refresh");
        return (string)(await ItemsAsync(owner, "/api/v1/connections"))[0]["id"]!;
    }

    private async Task ConsentAsync(Caller owner, DemoSandbox outside, string name)
    {
        var page = (string)(await Web.Caller.JsonAsync(await owner.PostAsync("/api/v1/connections/gmail", new { })))["authorizeUrl"]!;
        var back = await outside.ConsentAsync(new Uri(page), World.Mailboxes.Addresses().Single(), Cancellation);
        var query = QueryHelpers.ParseQuery(back.Query);
        (texts[$"oauth-{name}"], texts[$"oauth-state of {name}"]) = (query["code"]!, query["state"]!);
        await owner.PageAsync(back.PathAndQuery);
    }

    private async Task DecideAsync(Caller owner, string connection)
    {
        await DeliverAsync("push");
        await UntilAsync(async () => (await owner.GetAsync("/api/v1/contacts") is var answer)
            && (await answer.Content.ReadAsStringAsync(Cancellation)).Contains(texts["sender-address of push"], StringComparison.Ordinal));
        await owner.PostAsync("/api/v1/drafts", new { connection, count = 5 });
        await UntilAsync(async () => (await ApprovalsAsync(owner, "waiting")).Count >= 2);
        await owner.PageAsync("/inbox");
        var waiting = await ApprovalsAsync(owner, "waiting");
        await RejectAsync(owner, waiting[0]);
        await SendAsync(owner, await EditAsync(owner, waiting[1]));
    }

    private async Task RejectAsync(Caller owner, string id)
    {
        rejected = id;
        await owner.PageAsync($"/approvals/{id}");
        await owner.FormAsync($"/approvals/{id}/reject", ("digest", Plant("bad-digest")), ("reason", Plant("bad-reason")));
        var answer = await owner.FormAsync($"/approvals/{id}/reject", ("digest", await DigestAsync(owner, id)), ("reason", Plant("rejection")));
        Assert.Equal(303, (int)answer.StatusCode);
    }

    private async Task<string> EditAsync(Caller owner, string id)
    {
        var shown = await Web.Caller.JsonAsync(await owner.GetAsync($"/api/v1/approvals/{id}"));
        var to = (string)shown["to"]![0]!["address"]!;
        await owner.FormAsync(
            $"/approvals/{id}/edit", ("digest", (string)shown["digest"]!), ("to", Plant("bad-edit")), ("subject", texts["bad-edit"]), ("text", texts["bad-edit"]));
        var edited = await owner.PostAsync(
            $"/api/v1/approvals/{id}/edit",
            new { digest = (string)shown["digest"]!, to = new[] { to }, subject = $"Re: {Plant("edited-subject")}", text = $"We will call. {Plant("edited-text")}" });
        Assert.True(edited.IsSuccessStatusCode);
        return id;
    }

    private async Task SendAsync(Caller owner, string id)
    {
        World.Faults.Add(new FaultMatch("POST", "/drafts$", null), new FaultAction(FaultKind.Status) { Message = texts["provider-error"] });
        World.Faults.Add(new FaultMatch("POST", "/drafts/send$", null), new FaultAction(FaultKind.DropAfter));
        var approved = await owner.PostAsync($"/api/v1/approvals/{id}/approve", new { digest = await DigestAsync(owner, id), confirmed = true });
        Assert.True(approved.IsSuccessStatusCode);
        await UntilAsync(async () => (string)(await Web.Caller.JsonAsync(await owner.GetAsync($"/api/v1/approvals/{id}")))["state"]! is "sent" or "failed" or "unknown");
        World.Faults.Clear();
    }

    /// <summary>The provider says no, says nonsense, and quotes what it should not, while a letter comes in.</summary>
    private async Task FailAsync(Caller owner, string connection)
    {
        FaultAction[] acts =
        [
            new(FaultKind.Status) { Message = texts["provider-error"] },
            new(FaultKind.Status) { Reason = "authError", Message = texts["provider-error"] },
            new(FaultKind.Malformed),
            new(FaultKind.Truncate),
        ];
        var rules = acts.SelectMany(act => new[] { "/messages/[^/]+$", "/history$" }.Select(path => World.Faults.Add(new FaultMatch("GET", path, null), act))).ToList();
        World.Grants.ExpireAccess(null);
        await DeliverAsync("failure");
        await UntilAsync(() => Task.FromResult(rules.Count(rule => rule.Fired > 0) >= 4));
        World.Faults.Clear();
        texts["renewed-access-token"] = SandboxTokens.Of(World, "_access");
        await owner.PageAsync("/connections");
        World.Faults.Add(new FaultMatch("POST", "/revoke$", null), new FaultAction(FaultKind.Status) { Message = texts["provider-error"] });
        await owner.FormAsync($"/connections/{connection}/disconnect");
    }

    private static async Task LookAroundAsync(Caller owner)
    {
        foreach (var path in new[] { "/inbox", "/inbox?tab=done", "/connections", "/audit", "/api/v1/audit", "/api/v1/audit/export", "/api/v1/session", "/status", "/healthz", "/api/v1" })
        {
            await owner.GetAsync(path, path.StartsWith("/api", StringComparison.Ordinal) ? null : "text/html");
        }
    }

    /// <summary>A record that somebody changed in the store: reading it is an accident, and goes through the error page.</summary>
    private async Task BreakAsync()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Data, "tenants"), "*.db", SearchOption.AllDirectories))
        {
            await using var store = new SqliteConnection($"Data Source={file};Pooling=False");
            await store.OpenAsync(Cancellation);
            await using var change = store.CreateCommand();
            // To another byte than it was: of 256 seals one ends with a zero.
            change.CommandText = """
                UPDATE document SET body = CAST(
                    substr(body, 1, length(body) - 1) || CASE substr(body, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)
                WHERE kind = 'approval'
                """;
            await change.ExecuteNonQueryAsync(Cancellation);
        }

        await using var server = await WatchedServer.StartAsync(Work, Settings, Environment);
        var owner = Caller();
        await owner.SignInAsync($"{texts["sign-in-name"]}@practice.example", texts["password"]);
        (texts["second-session-token"], texts["second-csrf-token"]) = (owner.Cookie!.Split('.')[1], owner.Csrf!);
        var broken = await owner.PageAsync($"/approvals/{rejected}");
        Assert.Equal(500, (int)broken.StatusCode);
        await owner.GetAsync("/api/v1/approvals?state=rejected");
        await server.StopAsync();
    }

    private async Task LookByCommandLineAsync()
    {
        string[][] verbs =
        [
            ["hub", "list"], ["poison", "list"], ["backup", "status"], ["backup", "now"], ["audit", "export", tenant.Text, Path.Combine(Work, "exported")],
            ["verify-audit", Path.Combine(Work, "exported")], ["audit", "export", "not-a-tenant", Path.Combine(Work, "exported")],
        ];
        foreach (var verb in verbs)
        {
            await WatchedServer.RunAsync(Work, [.. verb, .. verb[0] == "verify-audit" ? [] : Settings], "", Environment);
        }

        Assert.True(Directory.Exists(Path.Combine(Work, "exported")));
    }

    private async Task DeliverAsync(string name)
    {
        using var control = new DemoHttp(sandbox!.Address);
        using var answer = await control.SendAsync(
            HttpMethod.Post,
            $"/control/mailboxes/{World.Mailboxes.Addresses().Single()}/deliver",
            DemoHttp.Json(new
            {
                from = $"{Plant($"sender-name of {name}")} Okafor <{Plant($"sender-address of {name}")}@mail.example>",
                subject = $"A question {Plant($"subject of {name}")}",
                text = $"Could you help? {Plant($"body of {name}")}",
            }),
            null, null, Cancellation);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private Caller Caller()
    {
        var caller = new Caller(address);
        callers.Add(caller);
        return caller;
    }

    private static async Task<byte[]> ReadEnvironmentAsync(int process)
    {
        try
        {
            return await File.ReadAllBytesAsync($"/proc/{process}/environ", Cancellation);
        }
        catch (UnauthorizedAccessException)
        {
            // The guard: not even its own user reads it. Root does.
            return [];
        }
    }

    private static async Task<string> DigestAsync(Caller owner, string id) =>
        (string)(await Web.Caller.JsonAsync(await owner.GetAsync($"/api/v1/approvals/{id}")))["digest"]!;

    private static async Task<List<string>> ApprovalsAsync(Caller owner, string state) =>
        [.. (await ItemsAsync(owner, $"/api/v1/approvals?state={state}")).Select(one => (string)one["id"]!)];

    private static async Task<System.Text.Json.Nodes.JsonNode[]> ItemsAsync(Caller owner, string path) =>
        [.. (await Web.Caller.JsonAsync(await owner.GetAsync(path)))["items"]!.AsArray()!];

    private static Task UntilAsync(Func<Task<bool>> holds) => Deadline.UntilAsync(holds, Patience, Cancellation);

    private static StringContent Body(string text, string type)
    {
        var body = new StringContent(text, Encoding.UTF8);
        body.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        return body;
    }
}
