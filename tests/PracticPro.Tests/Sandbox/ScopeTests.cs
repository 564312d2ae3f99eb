using PracticPro.Sandbox.Gmail;

namespace PracticPro.Tests.Sandbox;

public sealed class ScopeTests
{
    [Theory]
    [InlineData(GmailScopes.Compose, "GET", "messages")]
    [InlineData(GmailScopes.Compose, "GET", "history?startHistoryId=1")]
    [InlineData(GmailScopes.Compose, "POST", "watch")]
    [InlineData(GmailScopes.Readonly, "POST", "messages/send")]
    [InlineData(GmailScopes.Readonly, "POST", "drafts")]
    [InlineData(GmailScopes.Send, "GET", "profile")]
    [InlineData(GmailScopes.Send, "POST", "drafts/send")]
    [InlineData(GmailScopes.Metadata, "GET", "drafts")]
    [InlineData(GmailScopes.Metadata, "GET", "messages/1/attachments/2")]
    [InlineData(GmailScopes.Modify, "DELETE", "messages/00000000000000ff")]
    public async Task A_scope_that_does_not_open_a_call_is_named_as_such(string scope, string method, string path)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        sandbox.SignIn(scope);

        Reply reply = await sandbox.GmailAsync(new HttpMethod(method), path);

        Assert.Equal((403, "insufficientPermissions"), (reply.Status, reply.Reason));
        Assert.Equal("ACCESS_TOKEN_SCOPE_INSUFFICIENT", (string?)reply.Body!["error"]!["details"]![0]!["reason"]);
        Assert.Contains("insufficient_scope", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messages?q=from:ada")]
    [InlineData("messages/{id}")]
    [InlineData("messages/{id}?format=raw")]
    public async Task The_metadata_scope_restricts_even_beside_a_wider_one(string path)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string id = (string)(await sandbox.DeliverAsync())["id"]!;
        sandbox.SignIn(GmailScopes.Metadata, GmailScopes.Readonly);

        Reply reply = await sandbox.GetAsync(path.Replace("{id}", id, StringComparison.Ordinal));

        Assert.Equal(403, reply.Status);
        Assert.Equal(200, (await sandbox.GetAsync($"messages/{id}?format=metadata")).Status);
    }

    [Fact]
    public async Task Another_persons_mailbox_is_closed()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply reply = await sandbox.CallAsync(HttpMethod.Get, "/gmail/v1/users/other@clinic.example/profile");

        Assert.Equal((403, "forbidden"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task Without_a_token_nothing_opens()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        sandbox.Http.DefaultRequestHeaders.Authorization = null;

        Reply reply = await sandbox.GetAsync("profile");

        Assert.Equal((401, "authError"), (reply.Status, reply.Reason));
    }

    [Theory]
    [InlineData("SENT")]
    [InlineData("DRAFT")]
    [InlineData("Label_99")]
    public async Task Labels_that_may_not_be_set_are_refused(string label)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string id = (string)(await sandbox.DeliverAsync())["id"]!;

        Reply reply = await sandbox.PostAsync($"messages/{id}/modify",
            new() { ["addLabelIds"] = new System.Text.Json.Nodes.JsonArray(label) });

        Assert.Equal((400, "invalidArgument"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task Over_the_quota_the_wait_stands_in_the_message()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync(
            options => options with { UnitsPerMinute = 6 });
        await sandbox.GetAsync("messages");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(20));

        Reply refused = await sandbox.GetAsync("messages");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(40));
        Reply later = await sandbox.GetAsync("messages");

        Assert.Equal((403, "userRateLimitExceeded"), (refused.Status, refused.Reason));
        Assert.EndsWith("  Retry after 2026-11-22T09:01:00.000Z", (string?)refused.Body!["error"]!["message"],
            StringComparison.Ordinal);
        Assert.Equal(200, later.Status);
    }
}
