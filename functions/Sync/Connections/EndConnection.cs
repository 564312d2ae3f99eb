using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// Disconnects an account (CON-3). From this write on nothing is read from it and nothing leaves through it; giving the
/// grant back and deleting the tokens follow as a workflow that does not stop before it is done.
/// </summary>
internal sealed class EndConnection(TenantScopes scopes)
{
    public async Task<Outcome<Done>> RunAsync(SignedIn by, ConnectionId id, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NoSuchConnection();
        }

        if (ConnectionTransitions.After(stored.Value.State, ConnectionMove.Disconnect) is not { } ended)
        {
            return new SyncFailures.NotConnected();
        }

        var outcome = await scope.CommitAsync(
            new AuditEntry(by.Actor, AuditAct.ConnectionEnded).On("connection", id.Text),
            [
                scope.Put(SyncKinds.Connection, stored.Value with { State = ended }, Condition.Is(stored.Version)),
                .. Told(scope, stored.Value),
                .. Orders(by.Tenant, stored),
            ],
            cancellation);
        return outcome is CommitOutcome.Committed ? Done.Value : new SyncFailures.NotConnected();
    }

    /// <summary>What was told of a loss is no longer news.</summary>
    private static Operation[] Told(TenantScope scope, Connection connection) =>
        connection.State == ConnectionState.NeedsReconnect
            ? [scope.Delete(SyncKinds.Notice, connection.Id.Text, Condition.Any)]
            : [];

    private static IEnumerable<Operation> Orders(TenantId tenant, Stored<Connection> stored)
    {
        var connection = stored.Value;
        yield return WorkflowOutbox.Start(
            GiveBackGrant.Name,
            GiveBackGrant.InstanceOf(tenant, connection),
            new GiveBackGrant.Input(tenant, connection.Id, connection.Grant),
            orderId: $"give-back.{connection.Id}.{stored.Version.Text}");

        // A lost connection has no loop any more that could be told.
        if (connection.State == ConnectionState.Active)
        {
            yield return WorkflowOutbox.Raise(
                KeepInStep.InstanceOf(tenant, connection),
                KeepInStep.Nudge,
                default(StreamNudge),
                $"ended.{connection.Id}.{stored.Version.Text}");
        }
    }
}
