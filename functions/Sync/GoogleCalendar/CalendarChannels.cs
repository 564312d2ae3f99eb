using System.Globalization;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>
/// Channels of one calendar. Google renews none: a new one is opened well before the old one ends, both speak for a while,
/// and then the old one is closed. Each has a secret of its own, which comes along with every notification.
/// </summary>
internal sealed class CalendarChannels(GoogleCalendars calendars, TimeProvider time) : IChannels
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>More than its life is no channel's: such an answer is not believed.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(31);

    public TimeSpan RenewBefore => TimeSpan.FromDays(2);

    public bool Wants(StreamName stream) => stream == GoogleCalendarConnector.Primary;

    /// <summary>Opens one beside <paramref name="before"/>, which goes on until it is closed.</summary>
    public async Task<Outcome<Channel>> OpenAsync(
        ConnectorScope scope, ChannelOrder order, Channel? before, CancellationToken cancellation)
    {
        var outcome = await calendars.Of(scope, CallPriority.Following).WatchAsync(Order(order), cancellation);
        return outcome.Try(out var opened, out var why)
            ? Opened(opened, order.Id, scope.Connection.Id, order.Stream, time.GetUtcNow())
            : why;
    }

    public async Task<Outcome<Done>> CloseAsync(ConnectorScope scope, Channel channel, CancellationToken cancellation)
    {
        var outcome = await calendars.Of(scope, CallPriority.Following).StopAsync(channel.ProviderRef, channel.ResourceRef ?? "", cancellation);
        return outcome.Failure is null or SyncFailures.Gone ? Done.Value : outcome.Failure;
    }

    /// <summary>The body of an order; holds the channel's secret.</summary>
    internal static byte[] Order(ChannelOrder order) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = order.Id.Text,
        type = "web_hook",
        address = order.Address.AbsoluteUri,
        token = order.Secret.Reveal("channel order"),
        @params = new { ttl = Life.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture) },
    });

    /// <summary>The channel as it was opened; an answer that is not about ours is not believed.</summary>
    internal static Outcome<Channel> Opened(
        CalendarShapes.Channel answer, ChannelId id, ConnectionId connection, StreamName stream, DateTimeOffset now) =>
        answer.Id == id.Text && answer.Resource.Length > 0 && Expiry(answer.Expiration, now) is { } expires
            ? new Channel(id, connection, stream, answer.Id, answer.Resource, now, expires)
            : new SyncFailures.AnswerMalformed();

    private static DateTimeOffset? Expiry(string milliseconds, DateTimeOffset now) =>
        long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at > now.ToUnixTimeMilliseconds()
        && at < (now + LongestLife).ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(at)
            : null;
}
