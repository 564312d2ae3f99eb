using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Microsoft.Identity;

namespace PracticPro.Tests.Sandbox;

public sealed class MicrosoftIdentityTests
{
    private const string Redirect = "http://127.0.0.1:5000/connect/outlook/callback";
    private const string Verifier = "a-verifier-that-is-long-enough-to-be-allowed-1234567";
    private const string Authorize = "/common/oauth2/v2.0/authorize";
    private const string TokenPath = "/common/oauth2/v2.0/token";

    private static readonly string[] Scopes = [MicrosoftScopes.Offline, MicrosoftScopes.ReadUser, MicrosoftScopes.ReadMailBasic];

    [Fact]
    public async Task A_consent_becomes_a_code_and_the_code_becomes_tokens()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();

        Reply tokens = await RedeemAsync(sandbox, await ConsentAsync(sandbox));

        Assert.Equal(200, tokens.Status);
        Assert.InRange((int)tokens.Body!["expires_in"]!, 3_600, 5_400);
        Assert.Equal("User.Read Mail.ReadBasic", tokens.Text("scope"));
        Assert.NotNull(tokens.Body["refresh_token"]);
        sandbox.Http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("access_token"));
        Assert.Equal(SandboxOptions.DefaultOutlookAccount, (await sandbox.GetAsync("me")).Text("mail"));
    }

    [Fact]
    public async Task The_consent_page_lists_the_scopes_and_the_accounts()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();

        string html = await sandbox.Http.GetStringAsync(
            QueryHelpers.AddQueryString(Authorize, Question()!), TestContext.Current.CancellationToken);

        Assert.Contains("value=\"Mail.ReadBasic\" checked", html, StringComparison.Ordinal);
        Assert.Contains($"<option selected>{SandboxOptions.DefaultOutlookAccount}", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "User.Read")]
    [InlineData(false, "User.Read Mail.ReadBasic Mail.Send")]
    public async Task A_grant_can_come_back_with_fewer_or_more_scopes_than_asked_for(bool unticks, string granted)
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        if (!unticks)
        {
            sandbox.World.Grants.Decree(SandboxOptions.DefaultOutlookAccount, [.. Scopes, MicrosoftScopes.SendMail]);
        }

        Reply tokens = await RedeemAsync(
            sandbox, await ConsentAsync(sandbox, unticks ? [MicrosoftScopes.Offline, MicrosoftScopes.ReadUser] : Scopes));

        Assert.Equal(granted, tokens.Text("scope"));
    }

    [Fact]
    public async Task The_scopes_may_be_echoed_with_the_address_of_Graph()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        sandbox.World.Settings.EchoesScopesInFull = true;

        Reply tokens = await RedeemAsync(sandbox, await ConsentAsync(sandbox));

        Assert.Equal(
            "https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.ReadBasic", tokens.Text("scope"));
    }

    [Fact]
    public async Task A_denial_comes_back_with_the_state()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        Dictionary<string, string> form = Question();
        form["decision"] = "deny";
        using var content = new FormUrlEncodedContent(form);

        using HttpResponseMessage reply =
            await sandbox.Http.PostAsync(Authorize, content, TestContext.Current.CancellationToken);

        Assert.Contains("error=access_denied", reply.Headers.Location!.Query, StringComparison.Ordinal);
        Assert.Contains("state=s-1", reply.Headers.Location.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_works_once_and_with_its_verifier_only()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string code = await ConsentAsync(sandbox);
        string other = await ConsentAsync(sandbox);

        Assert.Equal(200, (await RedeemAsync(sandbox, code)).Status);
        Assert.Equal(54005, await NumberOf(RedeemAsync(sandbox, code)));
        Assert.Equal(501481, await NumberOf(RedeemAsync(sandbox, other, "another-verifier")));
    }

    [Fact]
    public async Task Each_refresh_gives_another_refresh_token_and_the_old_one_works_for_a_while()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string first = (await RedeemAsync(sandbox, await ConsentAsync(sandbox))).Text("refresh_token");

        string second = (await RefreshAsync(sandbox, first)).Text("refresh_token");
        Reply early = await RefreshAsync(sandbox, first);
        sandbox.Clock.Advance(sandbox.World.Grants.OldRefreshLife);
        Reply late = await RefreshAsync(sandbox, first);

        Assert.NotEqual(first, second);
        Assert.Equal(200, early.Status);
        Assert.Equal((400, "invalid_grant"), (late.Status, late.Text("error")));
        Assert.Equal(200, (await RefreshAsync(sandbox, second)).Status);
    }

    [Theory]
    [InlineData("expire", "invalid_grant", 700082, null)]
    [InlineData("password", "invalid_grant", 50173, "bad_token")]
    [InlineData("remove-consent", "invalid_grant", 65001, "consent_required")]
    [InlineData("second-factor", "interaction_required", 50076, "basic_action")]
    public async Task A_grant_that_ended_says_how(string end, string error, int number, string? suberror)
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string token = (await RedeemAsync(sandbox, await ConsentAsync(sandbox))).Text("refresh_token");

        await sandbox.ControlAsync(HttpMethod.Post, "oauth/" + end,
            new JsonObject { ["account"] = SandboxOptions.DefaultOutlookAccount });
        Reply reply = await RefreshAsync(sandbox, token);

        Assert.Equal((400, error), (reply.Status, reply.Text("error")));
        Assert.Equal(number, (int)reply.Body!["error_codes"]![0]!);
        Assert.Equal(suberror, (string?)reply.Body["suberror"]);
        Assert.StartsWith($"AADSTS{number}: ", reply.Text("error_description"), StringComparison.Ordinal);
        Assert.Equal(200, (await sandbox.GetAsync("me")).Status);
    }

    [Fact]
    public async Task A_refresh_token_unused_for_ninety_days_is_dead()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string token = (await RedeemAsync(sandbox, await ConsentAsync(sandbox))).Text("refresh_token");
        sandbox.Clock.Advance(TimeSpan.FromDays(90));

        Assert.Equal(700082, await NumberOf(RefreshAsync(sandbox, token)));
    }

    [Fact]
    public async Task An_expired_client_secret_is_not_the_persons_fault()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string token = (await RedeemAsync(sandbox, await ConsentAsync(sandbox))).Text("refresh_token");
        sandbox.World.Register(MicrosoftClient.Default with { SecretIsExpired = true });

        Reply reply = await RefreshAsync(sandbox, token);

        Assert.Equal((401, "invalid_client"), (reply.Status, reply.Text("error")));
        Assert.Equal(7000222, (int)reply.Body!["error_codes"]![0]!);
    }

    [Fact]
    public async Task A_passing_trouble_is_worded_as_Microsoft_words_it()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string token = (await RedeemAsync(sandbox, await ConsentAsync(sandbox))).Text("refresh_token");
        sandbox.Host.World.Faults.Add(
            new FaultMatch("POST", "/token$", null),
            new FaultAction(FaultKind.Status) { Reason = "temporarily_unavailable", Seconds = 7 });

        Reply reply = await RefreshAsync(sandbox, token);

        Assert.Equal((503, "temporarily_unavailable"), (reply.Status, reply.Text("error")));
        Assert.Equal(TimeSpan.FromSeconds(7), reply.Headers.RetryAfter!.Delta);
        Assert.Equal(200, (await RefreshAsync(sandbox, token)).Status);
    }

    [Fact]
    public async Task There_is_no_way_to_revoke_one_grant_but_one_to_end_all_sessions()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string token = (await RedeemAsync(sandbox, await ConsentAsync(sandbox))).Text("refresh_token");

        Reply ended = await sandbox.PostAsync("me/revokeSignInSessions");

        Assert.Equal(200, ended.Status);
        Assert.Equal(50173, await NumberOf(RefreshAsync(sandbox, token)));
    }

    private static async Task<int> NumberOf(Task<Reply> reply) => (int)(await reply).Body!["error_codes"]![0]!;

    private static Dictionary<string, string> Question() => new()
    {
        ["client_id"] = MicrosoftClient.Default.Key,
        ["redirect_uri"] = Redirect,
        ["response_type"] = "code",
        ["scope"] = string.Join(' ', Scopes),
        ["state"] = "s-1",
        ["login_hint"] = SandboxOptions.DefaultOutlookAccount,
        ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
        ["code_challenge_method"] = "S256",
    };

    private static async Task<string> ConsentAsync(MicrosoftClientOfTests sandbox, string[]? granted = null)
    {
        Dictionary<string, string> form = Question();
        form["account"] = SandboxOptions.DefaultOutlookAccount;
        form["decision"] = "allow";
        using var content = new FormUrlEncodedContent(
            [.. form, .. (granted ?? Scopes).Select(scope => KeyValuePair.Create("granted", scope))]);
        using HttpResponseMessage response =
            await sandbox.Http.PostAsync(Authorize, content, TestContext.Current.CancellationToken);
        Assert.Equal("s-1", QueryHelpers.ParseQuery(response.Headers.Location!.Query)["state"]);
        return QueryHelpers.ParseQuery(response.Headers.Location.Query)["code"]!;
    }

    private static Task<Reply> RedeemAsync(MicrosoftClientOfTests sandbox, string code, string verifier = Verifier) =>
        FormAsync(sandbox, new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Redirect,
            ["code_verifier"] = verifier,
        });

    private static Task<Reply> RefreshAsync(MicrosoftClientOfTests sandbox, string token) => FormAsync(sandbox, new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = token,
    });

    private static async Task<Reply> FormAsync(MicrosoftClientOfTests sandbox, Dictionary<string, string> fields)
    {
        fields["client_id"] = MicrosoftClient.Default.Key;
        fields["client_secret"] = MicrosoftClient.Default.Secret;
        using var form = new FormUrlEncodedContent(fields);
        using HttpResponseMessage response =
            await sandbox.Http.PostAsync(TokenPath, form, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Reply((int)response.StatusCode, JsonNode.Parse(text), response.Headers);
    }
}
