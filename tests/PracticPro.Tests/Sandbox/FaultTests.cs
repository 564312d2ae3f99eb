using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Faults;

namespace PracticPro.Tests.Sandbox;

public sealed class FaultTests
{
    [Theory]
    [InlineData("rateLimitExceeded", 429)]
    [InlineData("userRateLimitExceeded", 403)]
    [InlineData("insufficientPermissions", 403)]
    [InlineData("backendError", 503)]
    [InlineData("authError", 401)]
    [InlineData("notFound", 404)]
    public async Task An_error_is_answered_by_its_reason_and_nothing_is_done(string reason, int status)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await AddAsync(sandbox, new() { ["kind"] = "status", ["reason"] = reason });

        Reply struck = await SendAsync(sandbox);

        Assert.Equal((status, reason), (struck.Status, struck.Reason));
        Assert.Empty(sandbox.World.Sends.All());
        Assert.Equal(200, (await SendAsync(sandbox)).Status);
    }

    [Theory]
    [InlineData("drop-before", 0)]
    [InlineData("drop-after", 1)]
    [InlineData("truncate", 1)]
    public async Task A_cut_connection_leaves_what_was_done_done(string kind, int sends)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await AddAsync(sandbox, new() { ["kind"] = kind });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(sandbox));

        Assert.Equal(sends, sandbox.World.Sends.All().Count);
    }

    [Fact]
    public async Task A_client_library_does_not_quietly_repeat_a_dropped_read()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await sandbox.GetAsync("profile");
        FaultRule rule = sandbox.World.Faults.Add(
            new FaultMatch("GET", null, null), new FaultAction(FaultKind.DropBefore));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sandbox.GetAsync("profile"));

        Assert.Equal((1, 1), (rule.Seen, rule.Fired));
    }

    [Fact]
    public async Task Malformed_is_200_with_JSON_that_does_not_parse()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await AddAsync(sandbox, new() { ["kind"] = "malformed" });

        await Assert.ThrowsAnyAsync<JsonException>(() => SendAsync(sandbox));

        Assert.Single(sandbox.World.Sends.All());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_timeout_ends_when_the_client_hangs_up(bool acts, int sends)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        FaultRule rule = sandbox.World.Faults.Add(
            new FaultMatch("POST", null, null), new FaultAction(FaultKind.Timeout) { Seconds = 600, Acts = acts });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var body = new StringContent($$"""{"raw":"{{SandboxClient.Raw()}}"}""");

        Task<HttpResponseMessage> held = sandbox.Http.PostAsync(
            "/gmail/v1/users/me/messages/send", body, patience.Token);
        while (rule.Fired == 0 || sandbox.World.Sends.All().Count < sends)
        {
            await Task.Yield();
        }

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        Assert.Equal(sends, sandbox.World.Sends.All().Count);
    }

    [Theory]
    [InlineData("before", 0)]
    [InlineData("after", 1)]
    public async Task A_kill_takes_the_process_down_before_or_after_the_act(string when, int sends)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        using Process victim = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        await AddAsync(sandbox, new() { ["kind"] = "kill", ["pid"] = victim.Id, ["when"] = when });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(sandbox));

        await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(128 + 9, victim.ExitCode);
        Assert.Equal(sends, sandbox.World.Sends.All().Count);
    }

    [Fact]
    public async Task A_rule_waits_for_its_turn_and_is_spent_after_its_times()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        sandbox.World.Faults.Add(
            new FaultMatch("GET", "/profile$", null), new FaultAction(FaultKind.Status), skip: 1, times: 2);

        int[] statuses = [.. await Repeat(4, async () => (await sandbox.GetAsync("profile")).Status)];

        Assert.Equal([200, 503, 503, 200], statuses);
        Reply listed = await sandbox.CallAsync(HttpMethod.Get, "/control/faults");
        Assert.Equal((4, 2), ((int)listed.Body![0]!["seen"]!, (int)listed.Body[0]!["fired"]!));
    }

    [Fact]
    public async Task A_rule_for_one_mailbox_leaves_the_others_alone()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync(options => options with
        {
            Mailboxes = ["owner@harbour-clinic.example", "other@clinic.example"],
        });
        sandbox.World.Faults.Add(
            new FaultMatch(null, null, "other@clinic.example"), new FaultAction(FaultKind.Status), times: 0);

        Assert.Equal(200, (await sandbox.GetAsync("profile")).Status);
        sandbox.SignInAs("other@clinic.example", PracticPro.Sandbox.Gmail.GmailScopes.Full);
        Assert.Equal(503, (await sandbox.GetAsync("profile")).Status);
    }

    [Fact]
    public async Task A_token_fault_speaks_the_token_endpoints_language()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await AddAsync(sandbox, new() { ["kind"] = "status", ["reason"] = "invalid_grant" }, "/token");

        Reply reply = await sandbox.FormAsync("/token", new() { ["grant_type"] = "refresh_token" });

        Assert.Equal((400, "invalid_grant"), (reply.Status, reply.Text("error")));
    }

    [Fact]
    public async Task Removed_rules_do_not_strike()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply rule = await AddAsync(sandbox, new() { ["kind"] = "status" });
        await sandbox.CallAsync(HttpMethod.Delete, $"/control/faults/{rule.Body!["id"]}");

        Assert.Equal(200, (await SendAsync(sandbox)).Status);
    }

    private static Task<Reply> AddAsync(SandboxClient sandbox, JsonObject action, string path = "/messages/send") =>
        sandbox.CallAsync(HttpMethod.Post, "/control/faults", new JsonObject
        {
            ["match"] = new JsonObject { ["method"] = "POST", ["pathRegex"] = path },
            ["action"] = action,
        });

    private static Task<Reply> SendAsync(SandboxClient sandbox) =>
        sandbox.PostAsync("messages/send", new() { ["raw"] = SandboxClient.Raw() });

    private static async Task<List<T>> Repeat<T>(int times, Func<Task<T>> act)
    {
        var results = new List<T>();
        while (results.Count < times)
        {
            results.Add(await act());
        }

        return results;
    }
}
