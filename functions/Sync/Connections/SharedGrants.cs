using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// Whether giving a grant back would take another one with it. At Google one revocation ends every grant this program has of
/// that person, whichever product it was for and whichever practice connected it.
/// </summary>
internal sealed class SharedGrants(ConnectorBook connectors, FleetDirectory fleet)
{
    /// <param name="account">Null where it could not be asked: then every living connection of the kind counts.</param>
    /// <param name="besides">The connection whose grant is to go.</param>
    public async Task<bool> AreNeededAsync(
        TenantScope scope, IConnector connector, ConnectedAccount? account, ConnectionId? besides, CancellationToken cancellation)
    {
        if (account is null)
        {
            var family = connectors.Family(connector).Select(static one => one.Provider).ToHashSet();
            return (await ConnectionsAsync(scope, cancellation)).Any(stored =>
                stored.Value.State == ConnectionState.Active && family.Contains(stored.Value.Provider) && stored.Value.Id != besides);
        }

        foreach (var other in connectors.Family(connector))
        {
            if (await AccountDirectory.FindAsync(fleet, other.Provider, account.Key, cancellation) is not { } entry
                || (entry.Tenant == scope.Tenant && entry.Reference == besides?.Text))
            {
                continue;
            }

            // Another practice lets go of its entry when it disconnects: while it is there, it counts.
            if (entry.Tenant != scope.Tenant
                || await scope.FindAsync(SyncKinds.Connection, entry.Reference, cancellation)
                    is { Value.State: ConnectionState.Active })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True while a grant of the same account, which ended, is still being given back: the next one would go with it.</summary>
    public async Task<bool> AreGoingAsync(
        TenantScope scope, IConnector connector, ConnectedAccount account, CancellationToken cancellation)
    {
        foreach (var other in connectors.Family(connector))
        {
            if (await AccountDirectory.FindAsync(fleet, other.Provider, account.Key, cancellation) is { } entry
                && entry.Tenant == scope.Tenant
                && await scope.FindAsync(SyncKinds.Connection, entry.Reference, cancellation)
                    is { Value.State: ConnectionState.Disconnected }
                && await scope.FindAsync(SyncKinds.Tokens, entry.Reference, cancellation) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<IReadOnlyList<Stored<Connection>>> ConnectionsAsync(
        TenantScope scope, CancellationToken cancellation) =>
        (await scope.Records.ListAsync(
            SyncKinds.Connection, Connection.ByConnectedAt, "", ListOrder.Descending, ListConnections.Most, null, cancellation)).Items;
}
