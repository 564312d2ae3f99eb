using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Channels;

internal enum ChannelState
{
    /// <summary>Ordered, or about to be; the provider's answer is not stored yet.</summary>
    Opening,

    Open,

    /// <summary>The provider refused. Tried again later; polling keeps in step meanwhile.</summary>
    Refused,
}

/// <summary>What speaks against a channel's being alive.</summary>
internal enum ChannelTrouble
{
    None,

    /// <summary>The provider says that it ends soon.</summary>
    Ending,

    /// <summary>The provider says that it lost some of its news.</summary>
    Missed,

    /// <summary>The provider says that it has ended, or no longer knows it.</summary>
    Gone,

    /// <summary>A look found news that it should have told of.</summary>
    Silent,
}

/// <summary>One order for notifications, as it is kept here. Holds no secret: that is derived from the id.</summary>
/// <param name="ProviderRef">The provider's id of it; empty until it is open.</param>
/// <param name="OpenedAt">When it was ordered.</param>
/// <param name="Failures">Refusals in a row.</param>
/// <param name="RestsUntil">Of a refused one: not tried again before.</param>
/// <param name="IsNoted">What its trouble may have left untold is a hole in the coverage already.</param>
internal sealed record KeptChannel(
    ChannelId Id,
    ConnectionId Connection,
    Provider Provider,
    StreamName Stream,
    ChannelState State,
    DateTimeOffset OpenedAt,
    string ProviderRef = "",
    string? ResourceRef = null,
    DateTimeOffset? ExpiresAt = null,
    ChannelTrouble Trouble = ChannelTrouble.None,
    int Failures = 0,
    DateTimeOffset? RestsUntil = null,
    bool IsNoted = false)
{
    public const string ByConnection = "by-connection";

    public string Place => $"{PrefixOf(Connection)}{Id}";

    public Channel AsChannel => new(
        Id, Connection, Stream, ProviderRef, ResourceRef, OpenedAt, ExpiresAt ?? OpenedAt);

    public static string PrefixOf(ConnectionId connection) => $"{connection}.";
}

/// <summary>A channel whose secret came along with a notification.</summary>
internal sealed record ProvenChannel(Kernel.TenantId Tenant, KeptChannel Kept);
