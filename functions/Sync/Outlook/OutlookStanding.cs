using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outlook;

/// <summary>Whether something can be written from a connection now. Asks no provider.</summary>
internal static class OutlookStanding
{
    public static async Task<Outcome<SenderStanding>> OfAsync(
        TenantScopes scopes, TenantId tenant, ConnectionId connection, string permission, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Connection, connection.Text, cancellation);
        return stored is null
            ? new SyncFailures.NoSuchConnection()
            : new SenderStanding(
                stored.Value.Mailbox, stored.Value.State == ConnectionState.Active, stored.Value.Scopes.Contains(permission));
    }

    /// <summary>Why nothing may be written; null when it may.</summary>
    public static async Task<Failure?> BarredAsync(
        TenantScopes scopes, TenantId tenant, ConnectionId connection, SendPermit permit, CancellationToken cancellation)
    {
        if (permit.Tenant != tenant)
        {
            return new EgressFailures.NoPermit();
        }

        var standing = await OfAsync(scopes, tenant, connection, "", cancellation);
        return !standing.Try(out var stands, out var why) ? why
            : stands.Active ? null
            : new SyncFailures.NotConnected();
    }
}
