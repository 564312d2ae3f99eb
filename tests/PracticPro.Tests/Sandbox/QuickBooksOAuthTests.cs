using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Tests.Sandbox;

public sealed class QuickBooksOAuthTests
{
    [Fact]
    public async Task A_consent_comes_back_with_code_state_and_the_company()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();

        Dictionary<string, StringValues> back = await ConsentAsync(books);

        Assert.Equal(QuickBooksWorld.DefaultRealm, back["realmId"]);
        Assert.Equal("s-1", back["state"]);
        Assert.NotEmpty(back["code"].ToString());
    }

    [Fact]
    public async Task A_code_becomes_tokens_that_name_no_scope()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        Dictionary<string, StringValues> back = await ConsentAsync(books);
        books.SignInAsClient();

        Reply tokens = await RedeemAsync(books, back["code"]!);

        Assert.Equal(3_600, (int)tokens.Body!["expires_in"]!);
        Assert.Equal(8_640_000, (int)tokens.Body["x_refresh_token_expires_in"]!);
        Assert.Equal("bearer", tokens.Text("token_type"));
        Assert.Null(tokens.Body["scope"]);
        Assert.Null(tokens.Body["x_refresh_token_hard_expires_in"]);
        books.SignIn(tokens.Text("access_token"));
        Assert.Equal(200, (await books.GetAsync("companyinfo/" + QuickBooksWorld.DefaultRealm)).Status);
    }

    [Fact]
    public async Task A_code_works_once()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        Dictionary<string, StringValues> back = await ConsentAsync(books);
        books.SignInAsClient();
        await RedeemAsync(books, back["code"]!);

        Assert.Equal("invalid_grant", (await RedeemAsync(books, back["code"]!)).Text("error"));
    }

    [Fact]
    public async Task A_denial_comes_back_without_code_and_company()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();

        Dictionary<string, StringValues> back = await ConsentAsync(books, decision: "deny");

        Assert.Equal("access_denied", back["error"]);
        Assert.False(back.ContainsKey("realmId"));
    }

    [Fact]
    public async Task A_client_without_its_secret_is_refused()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.SignInAsClient(secret: "wrong");

        Reply reply = await books.RefreshAsync("any");

        Assert.Equal((401, "invalid_client"), (reply.Status, reply.Text("error")));
    }

    [Fact]
    public async Task Each_refresh_brings_another_refresh_token()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        string first = Refreshable(books);

        string second = (await books.RefreshAsync(first)).Text("refresh_token");
        string third = (await books.RefreshAsync(second)).Text("refresh_token");

        Assert.Equal(3, new HashSet<string> { first, second, third }.Count);
    }

    [Fact]
    public async Task Two_refreshes_with_one_token_kill_the_grant_whole()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        string shared = Refreshable(books);
        Reply winner = await books.RefreshAsync(shared);

        Reply loser = await books.RefreshAsync(shared);

        Assert.Equal((400, "invalid_grant"), (loser.Status, loser.Text("error")));
        Assert.Equal("invalid_grant", (await books.RefreshAsync(winner.Text("refresh_token"))).Text("error"));
        books.SignIn(winner.Text("access_token"));
        Assert.Equal(401, (await books.GetAsync("companyinfo/" + QuickBooksWorld.DefaultRealm)).Status);
        Assert.Equal(1, books.Books.Grants.Punished);
    }

    [Fact]
    public async Task With_the_punishment_switched_off_only_the_old_token_is_refused()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        await books.Sandbox.CallAsync(
            HttpMethod.Put, "/control/quickbooks/oauth/concurrency", new JsonObject { ["punishes"] = false });
        string shared = Refreshable(books);
        Reply winner = await books.RefreshAsync(shared);

        Assert.Equal(400, (await books.RefreshAsync(shared)).Status);
        Assert.Equal(200, (await books.RefreshAsync(winner.Text("refresh_token"))).Status);
    }

    [Fact]
    public async Task An_old_token_long_after_is_refused_and_nothing_else()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        string first = Refreshable(books);
        Reply second = await books.RefreshAsync(first);
        books.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(400, (await books.RefreshAsync(first)).Status);
        Assert.Equal(200, (await books.RefreshAsync(second.Text("refresh_token"))).Status);
    }

    [Fact]
    public async Task A_refresh_token_dies_after_a_hundred_days_without_use()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        string token = Refreshable(books);
        books.Clock.Advance(TimeSpan.FromDays(100));

        Assert.Equal("invalid_grant", (await books.RefreshAsync(token)).Text("error"));
    }

    [Fact]
    public async Task No_refresh_carries_a_grant_past_five_years()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        string token = Refreshable(books);
        for (int months = 0; months < 1_800; months += 90)
        {
            books.Clock.Advance(TimeSpan.FromDays(90));
            token = (await books.RefreshAsync(token)).Text("refresh_token");
        }

        books.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal("invalid_grant", (await books.RefreshAsync(token)).Text("error"));
    }

    [Fact]
    public async Task A_revoked_grant_is_dead_at_once()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        string token = Refreshable(books);

        Reply revoked = await books.Sandbox.CallAsync(
            HttpMethod.Post, "/v2/oauth2/tokens/revoke", new JsonObject { ["token"] = token });

        Assert.Equal(200, revoked.Status);
        Assert.Equal(400, (await books.RefreshAsync(token)).Status);
    }

    private static string Refreshable(QuickBooksClient books)
    {
        books.SignInAsClient();
        return books.Books.Grants.Give(QuickBooksWorld.DefaultClient, QuickBooksWorld.DefaultRealm).Refresh;
    }

    private static Task<Reply> RedeemAsync(QuickBooksClient books, string code) =>
        books.Sandbox.FormAsync("/oauth2/v1/tokens/bearer", new()
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = QuickBooksClient.Redirect,
        });

    private static async Task<Dictionary<string, StringValues>> ConsentAsync(QuickBooksClient books, string decision = "allow")
    {
        Reply reply = await books.Sandbox.FormAsync("/connect/oauth2", new()
        {
            ["client_id"] = QuickBooksWorld.DefaultClient.Key,
            ["redirect_uri"] = QuickBooksClient.Redirect,
            ["response_type"] = "code",
            ["scope"] = IntuitOAuthEndpoints.Scope,
            ["state"] = "s-1",
            ["company"] = QuickBooksWorld.DefaultRealm,
            ["decision"] = decision,
        });
        return QueryHelpers.ParseQuery(reply.Headers.Location!.Query);
    }
}
