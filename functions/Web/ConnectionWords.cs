using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Streams;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>One connection in words.</summary>
internal static class ConnectionWords
{
    public static ConnectionView View(ListConnections.Row row, ConnectorBook connectors, DateTimeOffset now)
    {
        var connection = row.Connection;
        var connector = connectors.Find(connection.Provider);
        var title = connector?.Title ?? connection.Provider.Text;
        var active = connection.State == ConnectionState.Active;
        var reading = active && row.Cursor?.Phase != SyncPhase.InStep;
        var trouble = Trouble(row);
        var (state, look, meaning) = connection.State switch
        {
            ConnectionState.Active when reading => ("Reading", "look", "It is being read for the first time, or anew."),
            ConnectionState.Active when trouble is not null => ("Behind", "look", $"What changed at {title} of late may not show here yet."),
            ConnectionState.Active => ("In step", "good", $"What changes at {title} shows here."),
            ConnectionState.NeedsReconnect => ("Connect again", "stop", LossWords.Of(connection.LostBecause ?? "")),
            _ => ("Disconnected", "calm", Ended(connection.GivenBack, title)),
        };
        return new ConnectionView(
            $"/connections/{connection.Id}",
            connection.Id.Text,
            connection.Account.Name,
            title,
            state,
            look,
            meaning,
            active,
            CanDisconnect: ConnectionTransitions.After(connection.State, ConnectionMove.Disconnect) is not null,
            reading ? row.Cursor?.Stored ?? 0 : null,
            row.Cursor?.Total ?? 0,
            trouble,
            row.Cursor?.LookedAt,
            row.Cursor?.LookedAt is { } looked ? Words.Ago(looked, now) : "")
        {
            CanDraft = active && connector?.Provider.Text == "gmail",
            Reconnect = connection.State == ConnectionState.NeedsReconnect ? $"/connections/{connection.Provider}" : null,
            OnDisconnect = OnDisconnect(connector, title),
            ConsentsPage = connection.GivenBack is GivenBack.NotOffered or GivenBack.NotAnswered or GivenBack.KeptForAnother
                ? connector?.Terms.ConsentsPage?.AbsoluteUri
                : null,
        };
    }

    private static string? Trouble(ListConnections.Row row) => row switch
    {
        { Connection.State: not ConnectionState.Active } => null,
        { Renewal.Because: "provider-refuses-program" } =>
            "The provider does not accept this program at the moment. Whoever runs the server has to mend that; nothing is lost.",
        { Renewal.Failures: > 0 } or { Cursor.Failures: > 0 } =>
            "The provider has trouble at the moment. It is tried again by itself.",
        _ => null,
    };

    private static string OnDisconnect(IConnector? connector, string title) => connector?.Terms switch
    {
        { Revocation: null } => $"Reading and sending stop at once, and our keys to the account are destroyed. {title} has no way for a "
            + "program to give its access back: the page tells you afterwards where to take it off the list there.",
        { RevocationEndsAll: true } => "Reading and sending stop at once, our keys to the account are destroyed, and the access is given "
            + "back there; unless another connection of the same account needs it, which then gives it back with its own end.",
        _ => $"Reading and sending stop at once, our keys to the account are destroyed, and {title} is told that we give the access back.",
    };

    private static string Ended(GivenBack? how, string title) => how switch
    {
        null => "Nothing is read from it or sent through it. Its access is being given back.",
        GivenBack.Revoked => $"Nothing is read from it or sent through it. {title} took the access back.",
        GivenBack.KeptForAnother => "Nothing is read from it or sent through it, and our keys to it are destroyed. The access was not taken "
            + "back at the provider yet: that would end the other connection of the same account too. It goes when that one is disconnected.",
        GivenBack.NotOffered => $"Nothing is read from it or sent through it, and our keys to it are destroyed. {title} lists PracticPro until "
            + "you take it off the list there.",
        _ => $"Nothing is read from it or sent through it, and our keys to it are destroyed. {title} did not answer when we gave the access "
            + "back: take PracticPro off the list there.",
    };
}
