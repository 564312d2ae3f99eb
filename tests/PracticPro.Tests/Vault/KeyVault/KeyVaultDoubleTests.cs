using System.Text.Json.Nodes;
using PracticPro.Kernel;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>The double is as strict as the service, so that what passes on it may pass there.</summary>
public sealed class KeyVaultDoubleTests : IAsyncLifetime
{
    private const string Digest = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private readonly FakeClock clock = new();
    private readonly DirectoryInfo identity = Directory.CreateTempSubdirectory("practicpro-identity-");
    private VaultPremises premises = null!;
    private KeyVaultWireTalk talk = null!;

    public async ValueTask InitializeAsync()
    {
        premises = await VaultPremises.OpenAsync(clock, options => options with { IdentityFolder = identity.FullName, PageSize = 2 });
        talk = new KeyVaultWireTalk(premises, identity.FullName);
    }

    public async ValueTask DisposeAsync()
    {
        talk.Dispose();
        await premises.DisposeAsync();
        identity.Delete(recursive: true);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public async Task Without_a_good_token_there_is_a_challenge_and_nothing_else(string? token)
    {
        talk.Token = token;
        var (status, body, answer) = await talk.AskAsync("GET", "/keys/a", query: "");

        Assert.Equal((401, "Unauthorized"), (status, (string?)body!["error"]!["code"]));
        var challenge = Assert.Single(answer.Headers.WwwAuthenticate).ToString();
        Assert.Contains("authorization=\"https://login.windows.net/", challenge, StringComparison.Ordinal);
        Assert.Contains("resource=\"https://vault.azure.net\"", challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/keys/a", "", "400 BadParameter")]
    [InlineData("GET", "/keys/a", "?api-version=6.0", "400 BadParameter")]
    [InlineData("GET", "/keys/a", "?api-version=7.4", "404 KeyNotFound")]
    [InlineData("GET", "/keys/a_b", "?api-version=7.6", "400 BadParameter")]
    [InlineData("GET", "/elsewhere", "?api-version=7.6", "404 NotFound")]
    [InlineData("POST", "/deletedkeys/a/recover", "?api-version=7.6", "404 KeyNotFound")]
    public async Task A_request_that_is_not_in_order_is_refused(string method, string path, string query, string refusal) =>
        Assert.Equal(refusal, await talk.RefusalAsync(method, path, null, query));

    [Theory]
    [InlineData("""{"kty":"RSA","key_size":1024}""")]
    [InlineData("""{"kty":"oct-HSM","key_size":256}""")]
    [InlineData("""{"kty":"EC","crv":"P-384"}""")]
    [InlineData("""{"kty":"EC","key_ops":["wrapKey"]}""")]
    [InlineData("""{"kty":"EC","attributes":{"nbf":20,"exp":10}}""")]
    [InlineData("""{"kty":7}""")]
    [InlineData("not json")]
    public async Task A_key_that_a_vault_does_not_make_is_refused(string body) =>
        Assert.Equal("400 BadParameter", await talk.RefusalAsync("POST", "/keys/a/create", body));

    [Fact]
    public async Task A_bundle_has_the_services_shape()
    {
        var (status, bundle, _) = await talk.AskAsync("POST", "/keys/Sign-1/create", new { kty = "EC", tags = new { a = "b" } });

        Assert.Equal(200, status);
        var key = bundle!["key"]!;
        Assert.Matches("^https://127.0.0.1:[0-9]+/keys/Sign-1/[0-9a-f]{32}$", (string?)key["kid"]);
        Assert.Equal(("EC", "P-256", 43, 43), ((string?)key["kty"], (string?)key["crv"], ((string?)key["x"])!.Length, ((string?)key["y"])!.Length));
        var attributes = bundle["attributes"]!;
        Assert.Equal((true, "Recoverable", 90), ((bool)attributes["enabled"]!, (string?)attributes["recoveryLevel"], (int)attributes["recoverableDays"]!));
        Assert.Equal(clock.GetUtcNow().ToUnixTimeSeconds(), (long)attributes["created"]!);
        Assert.Equal("b", (string?)bundle["tags"]!["a"]);
        Assert.Equal(200, (await talk.AskAsync("GET", "/keys/sign-1")).Status);
    }

    [Fact]
    public async Task A_signing_key_signs_verifies_and_does_nothing_else()
    {
        await talk.AskAsync("POST", "/keys/s/create", new { kty = "EC" });
        var (_, signed, _) = await talk.AskAsync("POST", "/keys/s/sign", new { alg = "ES256", value = Digest });
        var signature = (string?)signed!["value"];

        Assert.Equal(86, signature!.Length);
        Assert.True((bool)(await talk.AskAsync("POST", "/keys/s/verify", new { alg = "ES256", digest = Digest, value = signature })).Body!["value"]!);
        Assert.False((bool)(await talk.AskAsync(
            "POST", "/keys/s/verify", new { alg = "ES256", digest = "B" + Digest[1..], value = signature })).Body!["value"]!);
        Assert.Equal("400 BadParameter", await talk.RefusalAsync("POST", "/keys/s/sign", new { alg = "ES256", value = "AAAA" }));
        Assert.Equal("400 BadParameter", await talk.RefusalAsync("POST", "/keys/s/sign", new { alg = "ES256", value = Digest + "=" }));
        Assert.Equal("400 BadParameter", await talk.RefusalAsync("POST", "/keys/s/sign", new { alg = "ES384", value = Digest }));
        Assert.Equal(
            "403 KeyOperationForbidden", await talk.RefusalAsync("POST", "/keys/s/wrapkey", new { alg = "RSA-OAEP-256", value = "AAAA" }));
    }

    [Fact]
    public async Task Too_long_a_value_does_not_wrap()
    {
        await talk.AskAsync("POST", "/keys/w/create", new { kty = "RSA" });

        var fits = new { alg = "RSA-OAEP-256", value = new string('A', 253) };
        Assert.Equal(200, (await talk.AskAsync("POST", "/keys/w/wrapkey", new { fits.alg, value = new string('A', 252) })).Status);
        Assert.Equal("400 BadParameter", await talk.RefusalAsync("POST", "/keys/w/wrapkey", new { fits.alg, value = new string('A', 256) }));
    }

    [Fact]
    public async Task A_disabled_version_does_nothing_and_is_not_shown()
    {
        var version = await MadeAsync("w");
        await talk.AskAsync("PATCH", $"/keys/w/{version}", new { attributes = new { enabled = false } });

        Assert.Equal("403 KeyDisabled", await talk.RefusalAsync("GET", "/keys/w"));
        Assert.Equal("403 KeyDisabled", await talk.RefusalAsync("POST", $"/keys/w/{version}/wrapkey", Wrap("AAAA")));
        Assert.Equal("403 KeyDisabled", await talk.RefusalAsync("POST", $"/keys/w/{version}/unwrapkey", Wrap("AAAA")));
    }

    [Fact]
    public async Task Out_of_its_time_a_version_unwraps_but_does_not_wrap()
    {
        var version = await MadeAsync("w");
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var wrapped = (string?)(await talk.AskAsync("POST", "/keys/w/wrapkey", Wrap("AAAA"))).Body!["value"];

        await talk.AskAsync("PATCH", $"/keys/w/{version}", new { attributes = new { exp = now + 60 } });
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("403 KeyExpired", await talk.RefusalAsync("POST", "/keys/w/wrapkey", Wrap("AAAA")));
        Assert.Equal("AAAA", (string?)(await talk.AskAsync("POST", "/keys/w/unwrapkey", Wrap(wrapped!))).Body!["value"]);

        await talk.AskAsync("PATCH", $"/keys/w/{version}", new { attributes = new { nbf = now + 3600, exp = now + 7200 } });
        Assert.Equal("403 KeyNotYetValid", await talk.RefusalAsync("POST", "/keys/w/wrapkey", Wrap("AAAA")));
    }

    [Fact]
    public async Task Versions_are_listed_page_by_page()
    {
        await MadeAsync("v");
        for (var more = 0; more < 4; more++)
        {
            Assert.Equal(200, (await talk.AskAsync("POST", "/keys/v/rotate")).Status);
        }

        var seen = new List<string?>();
        var query = "?api-version=7.6";
        while (query is not null)
        {
            var (_, page, _) = await talk.AskAsync("GET", "/keys/v/versions", null, query);
            Assert.InRange(page!["value"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["value"]!.AsArray().Select(item => (string?)item!["kid"]));
            query = (string?)page["nextLink"] is { } next ? new Uri(next).Query : null;
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, (await premises.Keys().VersionsAsync(VaultKeyName.Platform("v"), TestContext.Current.CancellationToken)).Expect().Count);
    }

    [Theory]
    [InlineData("P6D", "Rotate", "timeAfterCreate", null, false)]
    [InlineData("P7D", "Rotate", "timeAfterCreate", null, true)]
    [InlineData("P3M", "Rotate", "timeAfterCreate", "P2Y", true)]
    [InlineData("P90D", "Rotate", "timeAfterCreate", "P92D", false)]
    [InlineData("P30D", "Rotate", "timeBeforeExpiry", null, false)]
    [InlineData("P30D", "Rotate", "timeBeforeExpiry", "P90D", true)]
    [InlineData("P30D", "Notify", "timeAfterCreate", "P90D", false)]
    [InlineData("P30D", "Notify", "timeBeforeExpiry", "P27D", false)]
    [InlineData("PT720H", "Rotate", "timeAfterCreate", null, false)]
    [InlineData("90 days", "Rotate", "timeAfterCreate", null, false)]
    [InlineData("P90D", "Destroy", "timeAfterCreate", null, false)]
    public async Task A_rotation_policy_keeps_to_the_rules(string time, string type, string trigger, string? expiry, bool isTaken)
    {
        await talk.AskAsync("POST", "/keys/p/create", new { kty = "EC" });
        var policy = new JsonObject
        {
            ["lifetimeActions"] = new JsonArray(new JsonObject
            {
                ["trigger"] = new JsonObject { [trigger] = time },
                ["action"] = new JsonObject { ["type"] = type },
            }),
            ["attributes"] = expiry is null ? new JsonObject() : new JsonObject { ["expiryTime"] = expiry },
        };

        var (status, _, _) = await talk.AskAsync("PUT", "/keys/p/rotationpolicy", policy.ToJsonString());

        Assert.Equal(isTaken ? 200 : 400, status);
        var kept = (await talk.AskAsync("GET", "/keys/p/rotationpolicy")).Body!;
        Assert.Equal(isTaken ? expiry : null, (string?)kept["attributes"]!["expiryTime"]);
        Assert.Contains(kept["lifetimeActions"]!.AsArray(), action => (string?)action!["action"]!["type"] == "Notify");
    }

    [Fact]
    public async Task A_deleted_name_is_not_free_and_is_not_purged_before_its_date()
    {
        await MadeAsync("d");
        Assert.Equal(200, (await talk.AskAsync("DELETE", "/keys/d")).Status);

        Assert.Equal("404 KeyNotFound", await talk.RefusalAsync("GET", "/keys/d"));
        Assert.Equal("409 ObjectIsDeletedButRecoverable", await talk.RefusalAsync("POST", "/keys/D/create", new { kty = "EC" }));
        Assert.Equal("403 PurgeProtectionEnabled", await talk.RefusalAsync("DELETE", "/deletedkeys/d"));
        Assert.Single((await talk.AskAsync("GET", "/deletedkeys")).Body!["value"]!.AsArray());
        clock.Advance(TimeSpan.FromDays(90));
        Assert.Equal("404 KeyNotFound", await talk.RefusalAsync("GET", "/deletedkeys/d"));
        Assert.Equal(200, (await talk.AskAsync("POST", "/keys/d/create", new { kty = "EC" })).Status);
    }

    [Fact]
    public async Task A_spent_budget_is_told_with_the_time_to_wait()
    {
        await using var poor = await VaultPremises.OpenAsync(
            clock, options => options with { IdentityFolder = identity.FullName, Units = 3 });
        using var other = new KeyVaultWireTalk(poor, identity.FullName);
        clock.Advance(TimeSpan.FromSeconds(4));
        for (var asked = 0; asked < 3; asked++)
        {
            Assert.Equal(404, (await other.AskAsync("GET", "/keys/a")).Status);
        }

        var (status, body, answer) = await other.AskAsync("GET", "/keys/a");
        Assert.Equal((429, "Throttled", TimeSpan.FromSeconds(6)), (status, (string?)body!["error"]!["code"], answer.Headers.RetryAfter?.Delta));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(404, (await other.AskAsync("GET", "/keys/a")).Status);
    }

    [Fact]
    public async Task A_killed_process_has_every_key_it_told_of()
    {
        var keys = Path.Combine(identity.FullName, "keys");
        var name = VaultKeyName.Of(TenantId.Parse("test-a"));
        KeyVersion made;
        await using (var first = await DoubleProcess.StartAsync(keys, identity.FullName))
        {
            made = (await first.Keys(premises).CreateAsync(
                name, VaultKeyKind.Signing, 0, TestContext.Current.CancellationToken)).Expect().Version;
            await first.Keys(premises).DeleteAsync(name, TestContext.Current.CancellationToken);
            first.Kill();
        }

        await using var second = await DoubleProcess.StartAsync(keys, identity.FullName);
        Assert.NotNull(await second.Keys(premises).FindDeletedAsync(name, TestContext.Current.CancellationToken));
        Assert.Equal(made, (await second.Keys(premises).RecoverAsync(name, TestContext.Current.CancellationToken)).Expect().Version);
        second.Kill();
    }

    private static object Wrap(string value) => new { alg = "RSA-OAEP-256", value };

    private async Task<string> MadeAsync(string name)
    {
        var (status, bundle, _) = await talk.AskAsync("POST", $"/keys/{name}/create", new { kty = "RSA", key_size = 2048 });
        Assert.Equal(200, status);
        return ((string?)bundle!["key"]!["kid"])!.Split('/')[^1];
    }
}
