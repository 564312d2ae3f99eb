using System.Collections.Frozen;
using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

internal enum ConnectionState
{
    Active,

    /// <summary>The provider no longer honours the grant. The owner connects again; the cursor stays.</summary>
    NeedsReconnect,

    /// <summary>Ended by the practice: grant revoked, tokens gone.</summary>
    Disconnected,
}

internal enum ConnectionMove
{
    Lose,
    Reconnect,
    Disconnect,
}

/// <summary>One mailbox connected to the practice. Holds no token: those are sealed apart, under a key of their own.</summary>
/// <param name="Scopes">What the grant allows, as the provider said when it was made.</param>
/// <param name="Grant">Counts grants from 1. Each has a loop of its own, so that one that ends cannot end the next.</param>
/// <param name="LostBecause">Code of the failure that ended the grant; null while it is good.</param>
internal sealed record Connection(
    ConnectionId Id,
    EmailAddress Mailbox,
    ConnectionState State,
    ImmutableArray<string> Scopes,
    PersonId ConnectedBy,
    DateTimeOffset ConnectedAt,
    int Grant = 1,
    string? LostBecause = null)
{
    public const string ByConnectedAt = "by-connected-at";
}

/// <summary>Every allowed move of a connection. What is not listed is refused.</summary>
internal static class ConnectionTransitions
{
    private static readonly FrozenDictionary<(ConnectionState From, ConnectionMove Move), ConnectionState> Table =
        new Dictionary<(ConnectionState, ConnectionMove), ConnectionState>
        {
            [(ConnectionState.Active, ConnectionMove.Lose)] = ConnectionState.NeedsReconnect,
            [(ConnectionState.NeedsReconnect, ConnectionMove.Reconnect)] = ConnectionState.Active,
            [(ConnectionState.Active, ConnectionMove.Reconnect)] = ConnectionState.Active,
            [(ConnectionState.Disconnected, ConnectionMove.Reconnect)] = ConnectionState.Active,
            [(ConnectionState.Active, ConnectionMove.Disconnect)] = ConnectionState.Disconnected,
            [(ConnectionState.NeedsReconnect, ConnectionMove.Disconnect)] = ConnectionState.Disconnected,
        }.ToFrozenDictionary();

    public static ConnectionState? After(ConnectionState from, ConnectionMove move) =>
        Table.TryGetValue((from, move), out var to) ? to : null;
}
