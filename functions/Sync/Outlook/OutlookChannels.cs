using Microsoft.Kiota.Serialization.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Streams;
using Subscription = Microsoft.Graph.Models.Subscription;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Subscriptions of one account: one for all mail, which the inbox's stream holds for every folder, and one for events. A
/// subscription is renewed as long as the provider knows it and ordered anew when it does not. It tells ids and no content;
/// what is new is asked for. Both addresses are the same, and lifecycle notices tell themselves apart.
/// </summary>
internal sealed class OutlookChannels(OutlookAccounts accounts, TimeProvider time) : IChannels
{
    /// <summary>The most is 10,080 minutes; clocks differ.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10_000);

    /// <summary>More than its life is no subscription's: such an answer is not believed.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(31);

    public TimeSpan RenewBefore => TimeSpan.FromDays(3);

    public bool Wants(StreamName stream) => ResourceOf(stream) is not null;

    /// <summary>The inbox's channel hears for every folder, and for no calendar.</summary>
    public bool TellsOf(StreamName own, StreamName stream) =>
        (own == OutlookConnector.Calendar) == (stream == OutlookConnector.Calendar);

    public async Task<Outcome<Channel>> OpenAsync(
        ConnectorScope scope, ChannelOrder order, Channel? before, CancellationToken cancellation)
    {
        var account = accounts.Of(scope, CallPriority.Following);
        if (before is not null)
        {
            var renewal = new Subscription { ExpirationDateTime = time.GetUtcNow() + Life };
            var renewed = await account.WatchAsync(MicrosoftServices.Renew, before.ProviderRef, Bytes(renewal), cancellation);

            // It stays the channel it was, with the secret it was ordered with. One that is gone is not replaced here: that it
            // was dead for a while has to be known first.
            return renewed.Failure is SyncFailures.CursorExpired
                ? new SyncFailures.Gone()
                : Opened(renewed, scope, before.Id, order.Stream);
        }

        var wanted = new Subscription
        {
            ChangeType = "created,updated,deleted",
            NotificationUrl = order.Address.AbsoluteUri,
            LifecycleNotificationUrl = order.Address.AbsoluteUri,
            Resource = ResourceOf(order.Stream) ?? throw new InvalidOperationException("This stream has no channel of its own."),
            ExpirationDateTime = time.GetUtcNow() + Life,
            ClientState = order.Secret.Reveal("channel order"),
        };
        return Opened(
            await account.WatchAsync(MicrosoftServices.Subscribe, null, Bytes(wanted), cancellation), scope, order.Id, order.Stream);
    }

    public async Task<Outcome<Done>> CloseAsync(ConnectorScope scope, Channel channel, CancellationToken cancellation)
    {
        var outcome = await accounts.Of(scope, CallPriority.Following).WatchAsync(
            MicrosoftServices.Unsubscribe, channel.ProviderRef, default, cancellation);
        return outcome.Failure is null or SyncFailures.Gone ? Done.Value : outcome.Failure;
    }

    private Outcome<Channel> Opened(Outcome<EgressAnswer> outcome, ConnectorScope scope, ChannelId id, StreamName stream)
    {
        if (!outcome.Try(out var answer, out var why)
            || !GraphReading.Read(answer.Body, Subscription.CreateFromDiscriminatorValue).Try(out var opened, out why))
        {
            return why;
        }

        var now = time.GetUtcNow();
        return opened is { Id: { Length: > 0 } subscription, ExpirationDateTime: { } until } && until > now && until < now + LongestLife
            ? new Channel(id, scope.Connection.Id, stream, subscription, opened.Resource, now, until)
            : new SyncFailures.AnswerMalformed();
    }

    private static string? ResourceOf(StreamName stream) =>
        stream == OutlookConnector.Calendar ? "me/events"
        : FolderRole.Of(stream).Role == FolderRole.Inbox ? "me/messages"
        : null;

    private static byte[] Bytes(Subscription subscription)
    {
        using var writer = new JsonSerializationWriter();
        writer.WriteObjectValue(null, subscription);
        using var content = writer.GetSerializedContent();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
