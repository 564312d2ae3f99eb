using System.Net;
using System.Text;
using PracticPro.Access;
using PracticPro.Approvals;

namespace PracticPro.Tests.Web;

/// <summary>Who gets in, and who gets to do what: sessions, permissions, forged requests.</summary>
public sealed class DoorTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    [Trait("Promise", "AUTH-4")]
    public async Task The_session_cookie_is_for_this_host_only_and_out_of_scripts_reach()
    {
        var answer = await server.Nobody().PostAsync("/api/v1/session", new { name = RunningServer.OwnerName, password = RunningServer.Password });
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Matches(
            "^__Host-practicpro=t-[0-9a-z]{26}\\.[A-Za-z0-9_-]{43}; path=/; secure; samesite=lax; httponly$", cookie);
    }

    [Fact]
    [Trait("Promise", "AUTH-4")]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        var owner = await server.OwnerAsync();
        var answer = await owner.SendAsync(HttpMethod.Delete, "/api/v1/session", null, null);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await owner.GetAsync("/api/v1/session")).StatusCode);
    }

    [Fact]
    [Trait("Promise", "AUTH-4")]
    public async Task Signing_out_on_a_page_ends_the_session_on_the_server()
    {
        var owner = await server.OwnerAsync();
        var answer = await owner.FormAsync("/sign-out");
        Assert.Equal("/sign-in?note=signed-out", answer.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await owner.GetAsync("/api/v1/session")).StatusCode);
    }

    [Fact]
    [Trait("Promise", "AUTH-5")]
    public async Task An_unknown_name_is_answered_like_a_wrong_password()
    {
        var wrong = await server.Nobody().PostAsync("/api/v1/session", new { name = RunningServer.DeskName, password = "wrong-password-1" });
        var unknown = await server.Nobody().PostAsync("/api/v1/session", new { name = "nobody@harbour-clinic.example", password = "wrong-password-1" });
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal(
            await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [Trait("Promise", "AUTH-6")]
    public async Task Another_site_cannot_sign_somebody_in(string header, string value)
    {
        var answer = await server.Nobody().SendAsync(
            HttpMethod.Post,
            "/api/v1/session",
            new StringContent($$"""{"name":"{{RunningServer.OwnerName}}","password":"{{RunningServer.Password}}"}""", Encoding.UTF8, "application/json"),
            null,
            adjust: request => request.Headers.Add(header, value));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not-the-token")]
    [InlineData("(another session's)")]
    [Trait("Promise", "AUTH-6")]
    public async Task Without_this_sessions_token_nothing_is_changed(string? token)
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        owner.Csrf = token == "(another session's)" ? (await server.OwnerAsync()).Csrf : token;
        var body = new { digest = approval.Digest.Hex, reason = "forged" };
        var byHeader = await owner.PostAsync($"/api/v1/approvals/{approval.Id}/reject", body);
        var byForm = await owner.FormAsync($"/approvals/{approval.Id}/reject", ("digest", approval.Digest.Hex), ("csrf", token ?? ""));
        Assert.Equal("forged-request", await Caller.CodeOfAsync(byHeader));
        Assert.Equal(HttpStatusCode.Forbidden, byForm.StatusCode);
        owner.Csrf = null;
        Assert.Equal("waiting", (string?)(await Caller.JsonAsync(await owner.GetAsync($"/api/v1/approvals/{approval.Id}")))["state"]);
    }

    [Fact]
    [Trait("Promise", "AUTH-6")]
    public async Task The_right_token_from_another_site_changes_nothing_either()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var answer = await owner.SendAsync(
            HttpMethod.Post,
            $"/approvals/{approval.Id}/reject",
            new FormUrlEncodedContent([KeyValuePair.Create("csrf", owner.Csrf!), KeyValuePair.Create("digest", approval.Digest.Hex)]),
            "text/html",
            adjust: request => request.Headers.Add("Origin", "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_made_up_cookie_makes_no_practice()
    {
        var stranger = server.Nobody();
        stranger.Cookie = $"{SessionCookie.Name}=made-up.{Session.NewToken()}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/session")).StatusCode);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(server.Folder, "tenants"), "*.db"));
    }

    [Fact]
    public async Task A_page_asks_who_comes_and_leads_back_afterwards()
    {
        var approval = await server.ProposeAsync();
        var answer = await server.Nobody().PageAsync($"/approvals/{approval.Id}");
        Assert.Equal($"/sign-in?then=%2Fapprovals%2F{approval.Id}", answer.Headers.Location?.ToString());
        var signedIn = await server.Nobody().FormAsync(
            "/sign-in", ("name", RunningServer.OwnerName), ("password", RunningServer.Password), ("then", $"/approvals/{approval.Id}"));
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        Assert.Equal($"/approvals/{approval.Id}", signedIn.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/inbox/../../evil")]
    [InlineData("/approvals/@evil.example")]
    public async Task Signing_in_leads_nowhere_but_to_our_own_pages(string then)
    {
        var answer = await server.Nobody().FormAsync(
            "/sign-in", ("name", RunningServer.OwnerName), ("password", RunningServer.Password), ("then", then));
        Assert.Equal("/inbox", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task The_front_desk_prepares_and_does_not_decide()
    {
        var desk = await server.DeskAsync();
        var approval = await server.ProposeAsync();
        var decided = await desk.PostAsync($"/api/v1/approvals/{approval.Id}/approve", new { digest = approval.Digest.Hex, confirmed = true });
        Assert.Equal("not-allowed", await Caller.CodeOfAsync(decided));
        var edited = await desk.PostAsync(
            $"/api/v1/approvals/{approval.Id}/edit",
            new { digest = approval.Digest.Hex, to = new[] { "ann.canaryann@known.example" }, subject = "Re: x", text = "y" });
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        Assert.Equal(ApprovalState.Waiting, approval.State);
    }
}
