using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Vault;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync.GoogleCalendar;

[Trait("Promise", "CON-4")]
public sealed class CalendarNoticeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_channel_s_notification_brings_along_its_secret_and_its_resource()
    {
        await using var hook = await CalendarHook.StartAsync();
        await using var stage = await CalendarStage.OpenAsync();
        var id = ChannelId.New(TimeProvider.System);
        var keys = Keys(1);
        var known = await WatchAsync(stage, hook, id, keys.WebhookSecret(id.Text));
        stage.Calendar.Add(new PracticPro.Sandbox.Calendar.StoredEvent("event1", CalendarSandbox.Written(), SandboxClient.Start));

        // They are delivered side by side: which comes first is nobody's promise.
        CalendarNotice[] both = [Read(await hook.NextAsync()), Read(await hook.NextAsync())];
        var sync = Assert.Single(both, static notice => !notice.HasNews);
        var news = Assert.Single(both, static notice => notice.HasNews);
        Assert.True(news.Number > sync.Number);
        Assert.Equal((known.Id, known.ResourceRef), (news.Channel, news.Resource));
        Assert.True(keys.IsWebhookSecret(known.Id.Text, news.Secret));
        Assert.False(Keys(2).IsWebhookSecret(known.Id.Text, news.Secret));
    }

    [Fact]
    public void A_notification_that_lacks_a_header_is_not_read()
    {
        Dictionary<string, string> whole = new()
        {
            ["X-Goog-Channel-ID"] = ChannelId.New(TimeProvider.System).Text,
            ["X-Goog-Resource-ID"] = "r",
            ["X-Goog-Resource-State"] = "exists",
            ["X-Goog-Message-Number"] = "2",
            ["X-Goog-Channel-Token"] = "t",
        };
        Assert.True(CalendarNotice.Read(whole.GetValueOrDefault).Succeeded);
        foreach (var name in whole.Keys.Where(name => name != "X-Goog-Channel-Token"))
        {
            Dictionary<string, string> part = new(whole) { [name] = "" };
            Assert.IsType<SyncFailures.PushMalformed>(CalendarNotice.Read(part.GetValueOrDefault).Failure);
        }
    }

    [Fact]
    public void Neither_notice_nor_order_shows_its_secret()
    {
        var notice = CalendarNotice.Read(name => name switch
        {
            "X-Goog-Channel-ID" => ChannelId.New(TimeProvider.System).Text,
            "X-Goog-Message-Number" => "1",
            "X-Goog-Resource-State" => "sync",
            _ => "the secret",
        }).Expect();

        Assert.DoesNotContain("secret", notice.ToString(), StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Serialize(notice));
    }

    [Fact]
    public async Task A_dead_channel_is_silent_and_following_misses_nothing()
    {
        await using var hook = await CalendarHook.StartAsync();
        await using var stage = await CalendarStage.OpenAsync();
        var id = ChannelId.New(TimeProvider.System);
        await WatchAsync(stage, hook, id, Keys(1).WebhookSecret(id.Text));
        await hook.NextAsync();
        await stage.ReadAsync();
        await stage.Sandbox.CallAsync(HttpMethod.Post, $"/control/calendar/channels/{id.Text}/kill");
        stage.Calendar.Add(new PracticPro.Sandbox.Calendar.StoredEvent("event1", CalendarSandbox.Written(), SandboxClient.Start));

        Assert.Null(await stage.FollowAsync());

        Assert.Equal(0, hook.Waiting);
        stage.AssertInStep();
    }

    internal static CalendarNotice Read(ReceivedNotice received) =>
        CalendarNotice.Read(received.Headers.GetValueOrDefault).Expect();

    /// <summary>Orders a channel as the connector does, and stores what it answers.</summary>
    private static async Task<Channel> WatchAsync(CalendarStage stage, CalendarHook hook, ChannelId id, SecretText secret)
    {
        var body = CalendarChannels.Order(new ChannelOrder(id, GoogleCalendarConnector.Primary, secret, hook.Address));
        var opened = (await stage.Account.WatchAsync(body, Cancellation)).Expect();
        return CalendarChannels.Opened(
            opened, id, stage.Connection, GoogleCalendarConnector.Primary, stage.Sandbox.Clock.GetUtcNow()).Expect();
    }

    private static TenantKeys Keys(byte first) => TestKeys.Of(VaultFixture.A, (Purpose.Tokens, 1, TestKeys.Filled(first)));
}
