using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Sync.Connectors;
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

/// <summary>How a grant that was ended was given back.</summary>
internal enum GivenBack
{
    /// <summary>The provider took it back.</summary>
    Revoked,

    /// <summary>Kept at the provider: one revocation there would have ended another connection of the same account.</summary>
    KeptForAnother,

    /// <summary>The provider has no such call. The owner ends the consent there.</summary>
    NotOffered,

    /// <summary>The provider did not answer for an hour.</summary>
    NotAnswered,
}

/// <summary>One account connected to the practice. Holds no token: those are sealed apart, under a key of their own.</summary>
/// <param name="Account">Whose account it is, at <paramref name="Provider"/>. Neither ever changes.</param>
/// <param name="Scopes">What the grant allows, as the provider said when it was made; as asked where it does not say.</param>
/// <param name="Grant">Counts grants from 1. Each has a loop of its own, so that one that ends cannot end the next.</param>
/// <param name="LostBecause">Code of the failure that ended the grant; null while it is good.</param>
internal sealed record Connection(
    ConnectionId Id,
    Provider Provider,
    ConnectedAccount Account,
    ConnectionState State,
    ImmutableArray<string> Scopes,
    PersonId ConnectedBy,
    DateTimeOffset ConnectedAt,
    int Grant = 1,
    string? LostBecause = null)
{
    public const string ByConnectedAt = "by-connected-at";

    private static readonly Provider Gmail = Provider.Parse("gmail");

    /// <summary>Of one that was disconnected, once that is finished; null before.</summary>
    public GivenBack? GivenBack { get; init; }

    /// <summary>The account's mail address, where it is a mailbox.</summary>
    /// <exception cref="FormatException">It is none: a company's books.</exception>
    [JsonIgnore]
    public EmailAddress Mailbox => EmailAddress.Parse(Account.Name);

    /// <summary>From when Gmail was all there was.</summary>
    public static Connection FromSchema1(JsonElement json)
    {
        var held = json.Deserialize<Schema1>(JsonShapes.Stored)!;
        return new Connection(
            held.Id, Gmail, new ConnectedAccount(held.Mailbox.Normalised, held.Mailbox.Text), held.State, held.Scopes,
            held.ConnectedBy, held.ConnectedAt, held.Grant, held.LostBecause);
    }

    private sealed record Schema1(
        ConnectionId Id,
        EmailAddress Mailbox,
        ConnectionState State,
        ImmutableArray<string> Scopes,
        PersonId ConnectedBy,
        DateTimeOffset ConnectedAt,
        int Grant = 1,
        string? LostBecause = null);
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
