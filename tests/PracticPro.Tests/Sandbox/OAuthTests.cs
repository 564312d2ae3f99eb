using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Tests.Sandbox;

public sealed class OAuthTests
{
    private const string Redirect = "http://127.0.0.1:5000/oauth/google/callback";
    private const string Verifier = "a-verifier-that-is-long-enough-to-be-allowed-1234567";

    [Fact]
    public async Task A_consent_becomes_a_code_and_the_code_becomes_tokens()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply tokens = await RedeemAsync(sandbox, await ConsentAsync(sandbox));

        Assert.Equal(200, tokens.Status);
        Assert.Equal(3599, (int)tokens.Body!["expires_in"]!);
        Assert.Equal("Bearer", tokens.Text("token_type"));
        Assert.Equal($"{GmailScopes.Readonly} {GmailScopes.Compose}", tokens.Text("scope"));
        Assert.NotNull(tokens.Body["refresh_token"]);
        sandbox.Http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("access_token"));
        Assert.Equal(200, (await sandbox.GetAsync("profile")).Status);
    }

    [Fact]
    public async Task The_consent_page_lists_the_scopes_and_picks_the_hinted_account()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync(options => options with
        {
            Mailboxes = ["first@clinic.example", SandboxOptions.DefaultMailbox],
        });

        Reply page = await sandbox.CallAsync(HttpMethod.Get,
            QueryHelpers.AddQueryString("/o/oauth2/v2/auth", Question()!));

        string html = (string)page.Body!;
        Assert.Contains($"value=\"{GmailScopes.Readonly}\" checked", html, StringComparison.Ordinal);
        Assert.Contains($"<option selected>{SandboxOptions.DefaultMailbox}", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_works_once()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string code = await ConsentAsync(sandbox);
        await RedeemAsync(sandbox, code);

        Reply again = await RedeemAsync(sandbox, code);

        Assert.Equal((400, "invalid_grant"), (again.Status, again.Text("error")));
    }

    [Fact]
    public async Task A_code_dies_after_ten_minutes()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string code = await ConsentAsync(sandbox);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("invalid_grant", (await RedeemAsync(sandbox, code)).Text("error"));
    }

    [Fact]
    public async Task A_wrong_verifier_spends_the_code()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string code = await ConsentAsync(sandbox);

        Assert.Equal("invalid_grant", (await RedeemAsync(sandbox, code, "another-verifier")).Text("error"));
        Assert.Equal("invalid_grant", (await RedeemAsync(sandbox, code)).Text("error"));
    }

    [Fact]
    public async Task A_scope_that_was_not_ticked_is_not_granted()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply tokens = await RedeemAsync(sandbox, await ConsentAsync(sandbox, GmailScopes.Compose));

        Assert.Equal(GmailScopes.Compose, tokens.Text("scope"));
    }

    [Fact]
    public async Task A_denial_comes_back_as_access_denied_with_the_state()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Dictionary<string, string> form = Question();
        form["decision"] = "deny";

        Reply reply = await sandbox.FormAsync("/o/oauth2/v2/auth", form);

        Assert.Equal($"{Redirect}?error=access_denied&state=s-1", reply.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_second_consent_brings_no_refresh_token_unless_it_is_forced()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await RedeemAsync(sandbox, await ConsentAsync(sandbox));

        Reply second = await RedeemAsync(sandbox, await ConsentAsync(sandbox));
        Reply forced = await RedeemAsync(sandbox, await ConsentAsync(sandbox, prompt: "consent"));

        Assert.Null(second.Body!["refresh_token"]);
        Assert.NotNull(forced.Body!["refresh_token"]);
    }

    [Fact]
    public async Task A_redirect_that_is_not_registered_is_shown_not_followed()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Dictionary<string, string> form = Question();
        form["redirect_uri"] = "https://thief.example/callback";

        Reply reply = await sandbox.FormAsync("/o/oauth2/v2/auth", form);

        Assert.Equal(400, reply.Status);
        Assert.Null(reply.Headers.Location);
        Assert.Contains("redirect_uri_mismatch", (string)reply.Body!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_gives_a_new_access_token_and_no_refresh_token()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply tokens = await RedeemAsync(sandbox, await ConsentAsync(sandbox));

        Reply refreshed = await RefreshAsync(sandbox, tokens.Text("refresh_token"));

        Assert.Equal(200, refreshed.Status);
        Assert.NotEqual(tokens.Text("access_token"), refreshed.Text("access_token"));
        Assert.Null(refreshed.Body!["refresh_token"]);
    }

    [Fact]
    public async Task An_access_token_dies_by_the_clock()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        sandbox.Clock.Advance(TimeSpan.FromSeconds(3_599));

        Reply reply = await sandbox.GetAsync("profile");

        Assert.Equal((401, "authError"), (reply.Status, reply.Reason));
        Assert.Equal("UNAUTHENTICATED", (string?)reply.Body!["error"]!["status"]);
    }

    [Fact]
    public async Task Revoking_one_token_ends_the_whole_grant()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply tokens = await RedeemAsync(sandbox, await ConsentAsync(sandbox));

        Reply revoked = await sandbox.FormAsync("/revoke", new() { ["token"] = tokens.Text("access_token") });
        Reply refreshed = await RefreshAsync(sandbox, tokens.Text("refresh_token"));
        Reply again = await sandbox.FormAsync("/revoke", new() { ["token"] = tokens.Text("access_token") });

        Assert.Equal(200, revoked.Status);
        Assert.Equal((400, "invalid_grant"), (refreshed.Status, refreshed.Text("error")));
        Assert.Equal((400, "invalid_token"), (again.Status, again.Text("error")));
    }

    [Fact]
    public async Task A_refresh_token_unused_for_six_months_is_dead()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string refresh = (await RedeemAsync(sandbox, await ConsentAsync(sandbox))).Text("refresh_token");
        sandbox.Clock.Advance(TimeSpan.FromDays(180));

        Assert.Equal("invalid_grant", (await RefreshAsync(sandbox, refresh)).Text("error"));
    }

    [Theory]
    [InlineData("client_secret", "wrong", 401, "invalid_client")]
    [InlineData("grant_type", "password", 400, "unsupported_grant_type")]
    public async Task A_bad_exchange_names_its_error(string field, string value, int status, string error)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Dictionary<string, string> form = Client("refresh_token");
        form["refresh_token"] = "1//none";
        form[field] = value;

        Reply reply = await sandbox.FormAsync("/token", form);

        Assert.Equal((status, error), (reply.Status, reply.Text("error")));
    }

    private static Dictionary<string, string> Question(string? prompt = null) => new()
    {
        ["client_id"] = OAuthClient.Default.Key,
        ["redirect_uri"] = Redirect,
        ["response_type"] = "code",
        ["scope"] = $"{GmailScopes.Readonly} {GmailScopes.Compose}",
        ["state"] = "s-1",
        ["access_type"] = "offline",
        ["prompt"] = prompt ?? "",
        ["login_hint"] = SandboxOptions.DefaultMailbox,
        ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
        ["code_challenge_method"] = "S256",
    };

    private static Dictionary<string, string> Client(string grantType) => new()
    {
        ["grant_type"] = grantType,
        ["client_id"] = OAuthClient.Default.Key,
        ["client_secret"] = OAuthClient.Default.Secret,
    };

    private static async Task<string> ConsentAsync(SandboxClient sandbox, string? only = null, string? prompt = null)
    {
        Dictionary<string, string> form = Question(prompt);
        form["account"] = SandboxOptions.DefaultMailbox;
        form["decision"] = "allow";
        string[] granted = only is null ? [GmailScopes.Readonly, GmailScopes.Compose] : [only];
        using var content = new FormUrlEncodedContent(
            [.. form, .. granted.Select(scope => KeyValuePair.Create("granted", scope))]);
        using HttpResponseMessage response =
            await sandbox.Http.PostAsync("/o/oauth2/v2/auth", content, TestContext.Current.CancellationToken);
        return QueryHelpers.ParseQuery(response.Headers.Location!.Query)["code"]!;
    }

    private static Task<Reply> RedeemAsync(SandboxClient sandbox, string code, string verifier = Verifier)
    {
        Dictionary<string, string> form = Client("authorization_code");
        form["code"] = code;
        form["redirect_uri"] = Redirect;
        form["code_verifier"] = verifier;
        return sandbox.FormAsync("/token", form);
    }

    private static Task<Reply> RefreshAsync(SandboxClient sandbox, string token)
    {
        Dictionary<string, string> form = Client("refresh_token");
        form["refresh_token"] = token;
        return sandbox.FormAsync("/token", form);
    }
}
