using System.Collections.Immutable;
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
            var family = FamilyOf(connector);
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

    /// <summary>Disconnected accounts of that kind of which nothing is left to be given back, each as it stands now.</summary>
    public async Task<ImmutableDictionary<ConnectionId, DocumentVersion>> GivenBackAsync(
        TenantScope scope, IConnector connector, CancellationToken cancellation)
    {
        var ended = (await EndedAsync(scope, connector, cancellation)).ToList();
        var left = await scope.FindManyAsync(SyncKinds.Tokens, [.. ended.Select(static one => one.Value.Id.Text)], cancellation);
        return ended.Where(one => !left.ContainsKey(one.Value.Id.Text))
            .ToImmutableDictionary(static one => one.Value.Id, static one => one.Version);
    }

    /// <summary>
    /// True while an earlier grant of the same account is being given back, or when it was since <paramref name="before"/>: a
    /// grant that was given in the meantime goes with it, or has gone.
    /// </summary>
    /// <param name="before">As of <see cref="GivenBackAsync"/>, from before the new grant was given.</param>
    public async Task<bool> AreGoingAsync(
        TenantScope scope,
        IConnector connector,
        ConnectedAccount account,
        ImmutableDictionary<ConnectionId, DocumentVersion> before,
        CancellationToken cancellation) =>
        (await EndedAsync(scope, connector, cancellation)).Any(ended =>
            ended.Value.Account.Key == account.Key
            && before.GetValueOrDefault(ended.Value.Id) != ended.Version);

    private async Task<IEnumerable<Stored<Connection>>> EndedAsync(
        TenantScope scope, IConnector connector, CancellationToken cancellation)
    {
        var family = FamilyOf(connector);
        return (await ConnectionsAsync(scope, cancellation)).Where(stored =>
            stored.Value.State == ConnectionState.Disconnected && family.Contains(stored.Value.Provider));
    }

    private HashSet<Provider> FamilyOf(IConnector connector) =>
        [.. connectors.Family(connector).Select(static one => one.Provider)];

    private static async Task<IReadOnlyList<Stored<Connection>>> ConnectionsAsync(
        TenantScope scope, CancellationToken cancellation) =>
        (await scope.Records.ListAsync(
            SyncKinds.Connection, Connection.ByConnectedAt, "", ListOrder.Descending, ListConnections.Most, null, cancellation)).Items;
}
