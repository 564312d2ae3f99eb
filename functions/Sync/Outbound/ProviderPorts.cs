using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outbound;

/// <summary>The way out of one kind that a provider has: mail, events or tasks. Each connector registers those it has.</summary>
internal sealed record ProviderPort<TPort>(Provider Provider, TPort Port)
    where TPort : class;

/// <summary>Finds a connection's way out by its provider.</summary>
internal sealed class ProviderPorts<TPort>(IEnumerable<ProviderPort<TPort>> ports, TenantScopes scopes)
    where TPort : class
{
    public async Task<Outcome<TPort>> OfAsync(TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Connection, connection.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NoSuchConnection();
        }

        return ports.FirstOrDefault(port => port.Provider == stored.Value.Provider) is { } found
            ? found.Port
            : new SyncFailures.NoSuchWayOut();
    }
}
