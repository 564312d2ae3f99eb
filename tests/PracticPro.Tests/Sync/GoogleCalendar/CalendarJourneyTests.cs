using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sandbox.Calendar;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Webhooks;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.GoogleCalendar;

/// <summary>A calendar from its consent to its end, through the whole program.</summary>
public sealed class CalendarJourneyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "SYNC-1")]
    [Trait("Promise", "SYNC-3")]
    public async Task A_connected_calendar_is_read_whole_and_followed()
    {
        await using var premises = await ConnectedAsync();
        await AssertInStepAsync(premises);
        var calendar = CalendarOf(premises);
        lock (calendar.Gate)
        {
            calendar.Delete(calendar.All.First(kept => kept is { IsDeleted: false, SeriesId: null }));
            calendar.Add(new StoredEvent("added1", CalendarSandbox.Written("Added"), premises.Clock.GetUtcNow()));
        }

        await premises.PassAsync(TimeSpan.FromMinutes(5));

        await AssertInStepAsync(premises);
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_token_that_expired_costs_a_reading()
    {
        await using var premises = await ConnectedAsync();
        var calendar = CalendarOf(premises);
        lock (calendar.Gate)
        {
            calendar.Delete(calendar.All.First(kept => kept is { IsDeleted: false, SeriesId: null }));
            calendar.ExpireTokens();
        }

        await premises.PassAsync(TimeSpan.FromMinutes(5));

        await AssertInStepAsync(premises);
    }

    [Fact]
    [Trait("Promise", "CON-4")]
    public async Task A_channel_is_opened_and_what_it_says_is_looked_at_at_once()
    {
        await using var premises = await ConnectedAsync();
        var channel = Assert.Single(await ChannelsAsync(premises));
        var calendar = CalendarOf(premises);
        lock (calendar.Gate)
        {
            calendar.Add(new StoredEvent("added1", CalendarSandbox.Written("Added"), premises.Clock.GetUtcNow()));
        }

        var notice = premises.Sandbox.World.Channels.Notices[^1];
        Assert.Equal((channel.Id.Text, "exists"), (notice.Channel.Key, notice.ResourceState));
        using var request = notice.ToRequest();
        var refused = await ReceiveAsync(premises, request, secret: "forged");
        Assert.IsType<SyncFailures.PushUnproven>(refused.Failure);
        var elsewhere = await ReceiveAsync(premises, request, secret: null, resource: "another");
        Assert.IsType<SyncFailures.PushUnproven>(elsewhere.Failure);
        (await ReceiveAsync(premises, request, secret: null)).Expect();
        await premises.SettleAsync();

        await AssertInStepAsync(premises);
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_channel_that_died_without_a_word_is_replaced_when_news_come_untold()
    {
        await using var premises = await ConnectedAsync();
        var dead = Assert.Single(premises.Sandbox.World.Channels.Channels);
        await premises.PassAsync(TimeSpan.FromHours(1));
        dead.HasEnded = true;
        var calendar = CalendarOf(premises);
        lock (calendar.Gate)
        {
            calendar.Add(new StoredEvent("added1", CalendarSandbox.Written("Added"), premises.Clock.GetUtcNow()));
        }

        await premises.PassAsync(TimeSpan.FromMinutes(5));
        await premises.PassAsync(TimeSpan.FromMinutes(5));

        await AssertInStepAsync(premises);
        Assert.Contains(premises.Sandbox.World.Channels.Channels, channel => channel != dead && !channel.HasEnded);
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task A_disconnect_ends_the_channel_and_gives_the_grant_back()
    {
        await using var premises = await ConnectedAsync();
        var channel = Assert.Single(premises.Sandbox.World.Channels.Channels);

        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.PassAsync(TimeSpan.FromMinutes(1));

        Assert.True(channel.HasEnded);
        Assert.Empty(await ChannelsAsync(premises));
        Assert.Null(await premises.TokensAsync());
    }

    private static async Task<Premises> ConnectedAsync()
    {
        var premises = await Premises.OpenAsync();
        var calendar = CalendarOf(premises);
        lock (calendar.Gate)
        {
            CalendarSeeding.Fill(calendar, premises.Sandbox.World.Practice);
        }

        await premises.KeepAsync(ConnectAsync(premises));
        await premises.SettleAsync();
        return premises;
    }

    internal static async Task<Outcome<ConnectionId>> ConnectAsync(Premises premises)
    {
        var page = (await premises.Get<StartConnection>()
            .RunAsync(premises.Owner, GoogleCalendarConnector.Name, Cancellation)).Expect();
        return await premises.Get<FinishConnection>()
            .RunAsync(premises.Owner, await Outside.ConsentAsync(page), Cancellation);
    }

    private static EventCalendar CalendarOf(Premises premises) => premises.Sandbox.World.Calendars.Primary(Outside.Mailbox);

    /// <param name="secret">What it brings along instead of the channel's own; null for that.</param>
    /// <param name="resource">What it says it is about; null for what the channel is about.</param>
    private static Task<Outcome<WebhookAnswer>> ReceiveAsync(
        Premises premises, HttpRequestMessage notice, string? secret, string? resource = null) =>
        premises.Get<ReceiveWebhook>().RunAsync(
            GoogleCalendarConnector.Name,
            new WebhookRequest(
                notice.Headers.ToImmutableDictionary(
                    static header => header.Key,
                    header => header.Key switch
                    {
                        "X-Goog-Channel-Token" => secret ?? header.Value.Single(),
                        "X-Goog-Resource-ID" => resource ?? header.Value.Single(),
                        _ => header.Value.First(),
                    },
                    StringComparer.OrdinalIgnoreCase),
                ImmutableDictionary<string, string>.Empty,
                ReadOnlyMemory<byte>.Empty),
            Cancellation);

    private static async Task AssertInStepAsync(Premises premises)
    {
        var calendar = CalendarOf(premises);
        List<CalendarEvent> stored = [];
        var scope = await premises.ScopeAsync();
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(
                SyncKinds.CalendarEvent, RecordMirror<CalendarEvent>.ByGeneration,
                MirrorKey.Prefix(premises.Connection, GoogleCalendarConnector.Primary), ListOrder.Ascending, 200, after, Cancellation);
            stored.AddRange(page.Items.Select(item => item.Value));
            after = page.Next;
        }
        while (after is not null);
        Assert.NotEmpty(stored);
        Assert.Equal(
            calendar.All
                .Where(kept => !kept.IsDeleted || (kept.SeriesId is not null && calendar.Find(kept.SeriesId) is { IsDeleted: false }))
                .Select(kept => $"{kept.Id} {kept.Etag}").Order(StringComparer.Ordinal),
            stored.Select(item => $"{item.SourceId} {item.Version}").Order(StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<KeptChannel>> ChannelsAsync(Premises premises)
    {
        var page = await (await premises.ScopeAsync()).Records.ListAsync(
            SyncKinds.Channel, KeptChannel.ByConnection, KeptChannel.PrefixOf(premises.Connection), ListOrder.Ascending, 100,
            after: null, Cancellation);
        return [.. page.Items.Select(item => item.Value)];
    }
}
