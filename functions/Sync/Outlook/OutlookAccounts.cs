using System.Collections.Concurrent;
using PracticPro.Egress;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outlook;

/// <summary>Opens connected accounts. Each keeps one pace, however often it is opened.</summary>
internal sealed class OutlookAccounts(EgressDoor door, TimeProvider time)
{
    private readonly ConcurrentDictionary<ConnectionId, OutlookPace> paces = new();

    public OutlookAccount Of(ConnectorScope scope) => Of(scope.Connection.Id, scope.Tokens);

    public OutlookAccount Of(ConnectionId connection, IAccessTokens tokens) =>
        new(door, tokens, paces.GetOrAdd(connection, _ => new OutlookPace(time)));

    /// <summary>By a grant that is not kept yet.</summary>
    public OutlookAccount With(IAccessTokens tokens) => new(door, tokens, new OutlookPace(time));
}
