using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>
/// Disconnects a mailbox (CON-3). From this write on nothing is read from it and nothing leaves through it; giving the
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
                WorkflowOutbox.Start(
                    GiveBackGrant.Name,
                    GiveBackGrant.InstanceOf(by.Tenant, id),
                    new GiveBackGrant.Input(by.Tenant, id),
                    orderId: $"give-back.{id}.{stored.Version.Text}"),
                WorkflowOutbox.Raise(
                    KeepMailboxInStep.InstanceOf(by.Tenant, id),
                    KeepMailboxInStep.Nudge,
                    Done.Value,
                    $"ended.{id}.{stored.Version.Text}"),
            ],
            cancellation);
        return outcome is CommitOutcome.Committed ? Done.Value : new SyncFailures.NotConnected();
    }
}
