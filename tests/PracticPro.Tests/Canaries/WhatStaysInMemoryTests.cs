using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Cli;
using PracticPro.Cli.Demo;
using PracticPro.Sandbox;
using PracticPro.Sandbox.OAuth;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Tests.Web;
using PracticPro.Vault;

namespace PracticPro.Tests.Canaries;

/// <summary>
/// What a full dump of a server would hold, read from its memory while it lives: before and after its tenant's keys were
/// revoked. Keys are held to what is promised; the rest is counted and told.
/// </summary>
[Trait("Promise", "ENC-2")]
public sealed class WhatStaysInMemoryTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo work = Directory.CreateTempSubdirectory("in-memory-");
    private readonly Dictionary<string, string> texts = [];
    private readonly CanaryScan scan = new();
    private readonly Uri address = DemoServer.FreeAddress();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(work.FullName, "data");

    public void Dispose() => work.Delete(recursive: true);

    [Fact]
    public async Task No_data_key_is_in_memory_once_the_keys_were_revoked_and_no_key_lies_about_as_text()
    {
        WatchedServer.MakeFolders(work.FullName);
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions
            {
                Fill = false,
                Mailboxes = [$"{Plant("mailbox")}@harbour-clinic.example"],
                Clients = [new OAuthClient(DemoSandbox.ClientId, Plant("client secret"), [])],
            },
            Cancellation);
        await FoundAsync();
        await using var server = await WatchedServer.StartAsync(
            work.FullName,
            [
                .. DemoSettings.For(sandbox.Address, Data, address, "00:00:01", "01:00:00").Chunk(2)
                    .Where(pair => pair[0] != "--Sync:GoogleClientSecret").SelectMany(pair => pair),
                "--Memory:AllowDumps", "true",
            ],
            [("Sync__GoogleClientSecret", texts["client secret"])]);
        await WorkAsync(sandbox);
        foreach (var (name, text) in texts)
        {
            scan.AddText(name, text);
        }

        var working = ProcessMemory.Scan(server.Id, scan);
        await server.TellAsync("revoke");
        await server.TellAsync("collect");
        var revoked = ProcessMemory.Scan(server.Id, scan);
        Tell("working", working);
        Tell("revoked", revoked);

        Assert.True(scan.Looked > 20_000_000);
        Assert.Contains(working, one => one.Canary.StartsWith("data key", StringComparison.Ordinal));
        Assert.DoesNotContain(revoked, one => one.Canary.StartsWith("data key", StringComparison.Ordinal));
        Assert.DoesNotContain(working.Concat(revoked), one => one.Canary.Contains("key", StringComparison.Ordinal) && one.Spelling != "bytes");

        // A tenant's key-encryption key is there for microseconds, and what the program hashes look-ups with as long as it runs.
        Assert.DoesNotContain(revoked, one => one.Canary.StartsWith("key file tenants", StringComparison.Ordinal));
        Assert.InRange(revoked.Count(one => one.Canary.StartsWith("key file", StringComparison.Ordinal)), 0, 2);
    }

    private string Plant(string what) => texts[what] = $"kanari{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 12)}";

    private async Task FoundAsync()
    {
        var made = await WatchedServer.RunAsync(
            work.FullName,
            [
                "practice", "create", "--name", "Harbour Clinic", "--owner", $"Olga {Plant("owner's name")}",
                "--sign-in", $"{Plant("sign-in name")}@practice.example", "--Standalone:Folder", Data,
            ],
            Plant("password"));
        Assert.Equal(ExitCodes.Done, made.ExitCode);
        await using var folder = await OpenedFolder.OpenAsync(["--Standalone:Folder", Data], Cancellation);
        var tenant = await folder.Of<IFleet>().TenantsAsync(Cancellation).FirstAsync(Cancellation);
        var store = new DataKeyStore(folder.Of<IStorage>().For(tenant).Documents, folder.Of<IKeyEncryption>(), TimeProvider.System);
        foreach (var record in await store.LoadAsync(Cancellation))
        {
            using var key = (await store.UnwrapAsync(record, Cancellation)).Expect();
            scan.AddBytes($"data key {record.Use}", key.Reveal("to look for it").ToArray());
        }

        foreach (var (name, key) in KeyFileContent.Of(Path.Combine(Data, "keys.json")))
        {
            scan.AddBytes(name, key);
            if (name.EndsWith("signingKey", StringComparison.OrdinalIgnoreCase))
            {
                using var signing = ECDsa.Create();
                signing.ImportPkcs8PrivateKey(key, out _);
                var scalar = signing.ExportParameters(includePrivateParameters: true).D!;
                scan.AddBytes("scalar", scalar);
                scan.AddBytes("scalar, the library's way round", [.. scalar.Reverse()]);
            }
        }
    }

    /// <summary>Signs in, connects, reads, drafts: what a morning does.</summary>
    private async Task WorkAsync(SandboxHost sandbox)
    {
        using var control = new DemoHttp(sandbox.Address);
        using var delivered = await control.SendAsync(
            HttpMethod.Post,
            $"/control/mailboxes/{sandbox.World.Mailboxes.Addresses().Single()}/deliver",
            DemoHttp.Json(new { from = $"{Plant("sender's name")} Okafor <{Plant("sender's address")}@mail.example>", subject = $"A question {Plant("subject")}", text = Plant("body") }),
            null, null, Cancellation);
        var owner = new Caller(address);
        await owner.SignInAsync($"{texts["sign-in name"]}@practice.example", texts["password"]);
        (texts["session token"], texts["CSRF token"]) = (owner.Cookie!.Split('.')[1], owner.Csrf!);
        using var outside = new DemoSandbox(sandbox.Address);
        var page = (string)(await Caller.JsonAsync(await owner.PostAsync("/api/v1/connections/gmail", new { })))["authorizeUrl"]!;
        var back = await outside.ConsentAsync(new Uri(page), sandbox.World.Mailboxes.Addresses().Single(), Cancellation);
        texts["OAuth code"] = QueryHelpers.ParseQuery(back.Query)["code"]!;
        await owner.PageAsync(back.PathAndQuery);
        await Deadline.UntilAsync(
            async () => (string?)(await Caller.JsonAsync(await owner.GetAsync("/api/v1/connections")))["items"]![0]?["sync"]?["completeSince"] is not null,
            Patience, Cancellation);
        var connection = (string)(await Caller.JsonAsync(await owner.GetAsync("/api/v1/connections")))["items"]![0]!["id"]!;
        await owner.PostAsync("/api/v1/drafts", new { connection, count = 1 });
        await Deadline.UntilAsync(
            async () => (await Caller.JsonAsync(await owner.GetAsync("/api/v1/approvals?state=waiting")))["items"]!.AsArray().Count > 0, Patience, Cancellation);
        (texts["access token"], texts["refresh token"]) = (SandboxTokens.Of(sandbox.World, "_access"), SandboxTokens.Of(sandbox.World, "_refresh"));
    }

    private void Tell(string when, IReadOnlyList<Sighting> found)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{when}: {scan.Looked / 1_000_000} MB looked at so far"));
        foreach (var group in found.GroupBy(one => (one.Canary, one.Spelling)).OrderBy(group => group.Key.Canary, StringComparer.Ordinal))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {group.Key.Canary}: {group.Key.Spelling} {group.Count()} times in {string.Join(' ', group.Select(one => one.Place).Distinct())}"));
        }
    }
}
