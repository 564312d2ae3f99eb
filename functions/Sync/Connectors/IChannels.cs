using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Connectors;

/// <summary>
/// A provider's notifications for one connection: ordered, renewed, ended. A channel is a convenience; that nothing is
/// missed rests on following from the stored point.
/// </summary>
internal interface IChannels
{
    /// <summary>Renew when this much is left, or less.</summary>
    TimeSpan RenewBefore { get; }

    /// <summary>The streams that want a channel of their own; all others hear through these.</summary>
    bool Wants(StreamName stream);

    /// <summary>Whether news of <paramref name="stream"/> come by the channel of <paramref name="own"/>.</summary>
    bool TellsOf(StreamName own, StreamName stream) => own == stream || !Wants(stream);

    /// <summary>
    /// Orders notifications. With <paramref name="before"/> it renews that one and answers with its id; where the provider
    /// cannot renew, it answers with a new channel of the order's id, and <paramref name="before"/> is closed afterwards.
    /// <see cref="SyncFailures.Gone"/>: the one before has ended already.
    /// </summary>
    Task<Outcome<Channel>> OpenAsync(
        ConnectorScope scope, ChannelOrder order, Channel? before, CancellationToken cancellation);

    /// <summary>Ends it. One that is gone already is ended.</summary>
    Task<Outcome<Done>> CloseAsync(ConnectorScope scope, Channel channel, CancellationToken cancellation);
}

/// <param name="Id">Ours, new for each channel; providers never take one twice.</param>
/// <param name="Secret">What notifications must bring along. Derived from the tenant's keys, never stored.</param>
/// <param name="Address">Where notifications go.</param>
[JsonConverter(typeof(NeverJson<ChannelOrder>))]
internal sealed record ChannelOrder(ChannelId Id, StreamName Stream, SecretText Secret, Uri Address)
{
    public override string ToString() => "***";
}

/// <summary>One running order for notifications. Holds no secret.</summary>
/// <param name="ProviderRef">The provider's id of it: subscription id, channel id.</param>
/// <param name="ResourceRef">The provider's id of what is watched, where it has one.</param>
internal sealed record Channel(
    ChannelId Id,
    ConnectionId Connection,
    StreamName Stream,
    string ProviderRef,
    string? ResourceRef,
    DateTimeOffset OpenedAt,
    DateTimeOffset ExpiresAt);
