using System.Text.Json.Nodes;

namespace PracticPro.Tests.Sandbox;

public sealed class CalendarChannelTests
{
    private const string Watch = CalendarSandbox.Events + "/watch";

    [Fact]
    public async Task A_channel_says_sync_at_once_and_exists_at_a_change()
    {
        await using CalendarHook hook = await CalendarHook.StartAsync();
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        Reply channel = await WatchAsync(sandbox, hook, "channel-1");

        // Two that are under way at the same time may come in either order.
        ReceivedNotice sync = await hook.NextAsync();
        await sandbox.InsertAsync(CalendarSandbox.Written());
        ReceivedNotice news = await hook.NextAsync();

        Assert.Equal(("sync", 1L), (sync.State, sync.Number));
        Assert.Equal("exists", news.State);
        Assert.True(news.Number > 1);
        Assert.Equal(0, news.BodyBytes);
        Assert.Equal("channel-1", news.Channel);
        Assert.Equal("the secret", news.Headers["X-Goog-Channel-Token"]);
        Assert.Equal(channel.Text("resourceId"), news.Headers["X-Goog-Resource-ID"]);
        Assert.Equal("Sun, 29 Nov 2026 09:00:00 GMT", news.Headers["X-Goog-Channel-Expiration"]);
        Assert.StartsWith("APIs-Google", news.Headers["User-Agent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_may_come_before_the_answer()
    {
        await using CalendarHook hook = await CalendarHook.StartAsync();
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        await sandbox.SettingsAsync(new() { ["syncFirst"] = true });

        await WatchAsync(sandbox, hook, "channel-1");

        Assert.Equal(1, hook.Waiting);
    }

    [Fact]
    public async Task A_channel_s_id_is_never_taken_again()
    {
        await using CalendarHook hook = await CalendarHook.StartAsync();
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        Reply channel = await WatchAsync(sandbox, hook, "channel-1");
        Reply stopped = await StopAsync(sandbox, "channel-1", channel.Text("resourceId"));
        Reply stoppedAgain = await StopAsync(sandbox, "channel-1", channel.Text("resourceId"));

        Reply again = await WatchAsync(sandbox, hook, "channel-1");

        Assert.Equal((204, 404), (stopped.Status, stoppedAgain.Status));
        Assert.Equal((400, "channelIdNotUnique"), (again.Status, again.Reason));
    }

    [Fact]
    public async Task An_address_without_https_is_refused_unless_loopback_is_allowed()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        Reply abroad = await WatchAsync(sandbox, new Uri("http://clinic.example/hook"), "channel-1");
        await sandbox.SettingsAsync(new() { ["loopbackHttp"] = false });
        Reply loopback = await WatchAsync(sandbox, new Uri("http://127.0.0.1:1/hook"), "channel-2");

        Assert.Equal((400, "webhookUrlNotHttps"), (abroad.Status, abroad.Reason));
        Assert.Equal(400, loopback.Status);
    }

    [Fact]
    public async Task Notifications_can_be_lost_doubled_and_turned_around()
    {
        await using CalendarHook hook = await CalendarHook.StartAsync();
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        await WatchAsync(sandbox, hook, "channel-1");
        await hook.NextAsync();
        await sandbox.SettingsAsync(new() { ["dropNext"] = 1, ["duplicateNext"] = 1 });
        await sandbox.InsertAsync(CalendarSandbox.Written());
        await sandbox.InsertAsync(CalendarSandbox.Written());
        ReceivedNotice first = await hook.NextAsync();
        ReceivedNotice repeated = await hook.NextAsync();
        await sandbox.SettingsAsync(new() { ["hold"] = true });
        await sandbox.InsertAsync(CalendarSandbox.Written());
        await sandbox.InsertAsync(CalendarSandbox.Written());
        await sandbox.CallAsync(
            HttpMethod.Post, "/control/calendar/notices/release", new JsonObject { ["order"] = "reversed" });

        Assert.Equal(first.Number, repeated.Number);
        Assert.True((await hook.NextAsync()).Number > (await hook.NextAsync()).Number);
        Reply notices = await sandbox.CallAsync(HttpMethod.Get, "/control/calendar/notices");
        Assert.Single(notices.Body!.AsArray(), notice => (string?)notice!["state"] == "dropped");
    }

    [Fact]
    public async Task Within_the_gap_many_changes_are_one_notification()
    {
        await using CalendarHook hook = await CalendarHook.StartAsync();
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        await WatchAsync(sandbox, hook, "channel-1");
        await hook.NextAsync();
        await sandbox.SettingsAsync(new() { ["gapMilliseconds"] = 1_000 });
        await sandbox.InsertAsync(CalendarSandbox.Written());
        await hook.NextAsync();
        await sandbox.InsertAsync(CalendarSandbox.Written());
        await sandbox.InsertAsync(CalendarSandbox.Written());
        Assert.Equal(0, hook.Waiting);

        Task<ReceivedNotice> late = hook.NextAsync().AsTask();
        while (!late.IsCompleted)
        {
            // The courier sets its timer on another thread; the clock is moved until it has.
            sandbox.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        await late;
        Assert.Equal(0, hook.Waiting);
    }

    [Fact]
    public async Task A_dead_channel_says_nothing_and_an_expired_one_neither()
    {
        await using CalendarHook hook = await CalendarHook.StartAsync();
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        await WatchAsync(sandbox, hook, "killed");
        await WatchAsync(sandbox, hook, "expired", new() { ["ttl"] = "60" });
        await sandbox.CallAsync(HttpMethod.Post, "/control/calendar/channels/killed/kill");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(61));

        await sandbox.InsertAsync(CalendarSandbox.Written());

        Reply notices = await sandbox.CallAsync(HttpMethod.Get, "/control/calendar/notices");
        Assert.All(notices.Body!.AsArray(), notice => Assert.Equal("sync", (string?)notice!["resourceState"]));
    }

    [Theory]
    [InlineData(503, 2)]
    [InlineData(401, 1)]
    public async Task Only_after_a_server_s_error_a_notification_comes_again(int status, int attempts)
    {
        await using CalendarHook hook = await CalendarHook.StartAsync();
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        hook.Statuses.Enqueue(status);
        await WatchAsync(sandbox, hook, "channel-1");
        await hook.NextAsync();
        await sandbox.CallAsync(HttpMethod.Post, "/control/calendar/notices/drain");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        if (attempts > 1)
        {
            Task<ReceivedNotice> again = hook.NextAsync().AsTask();
            while (!again.IsCompleted)
            {
                sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
        }

        Assert.Equal(0, hook.Waiting);
        Reply notices = await sandbox.CallAsync(HttpMethod.Get, "/control/calendar/notices");
        Assert.Equal(status, (int)notices.Body![0]!["statuses"]![0]!);
    }

    private static Task<Reply> WatchAsync(
        SandboxClient sandbox, CalendarHook hook, string key, JsonObject? parameters = null) =>
        WatchAsync(sandbox, hook.Address, key, parameters);

    private static Task<Reply> WatchAsync(
        SandboxClient sandbox, Uri address, string key, JsonObject? parameters = null) =>
        sandbox.CallAsync(HttpMethod.Post, Watch, new JsonObject
        {
            ["id"] = key,
            ["type"] = "web_hook",
            ["address"] = address.ToString(),
            ["token"] = "the secret",
            ["params"] = parameters ?? [],
        });

    private static Task<Reply> StopAsync(SandboxClient sandbox, string key, string resource) =>
        sandbox.CallAsync(HttpMethod.Post, "/calendar/v3/channels/stop", new JsonObject
        {
            ["id"] = key,
            ["resourceId"] = resource,
        });
}
