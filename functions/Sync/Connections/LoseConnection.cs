using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>
/// Notes that the provider no longer honours a grant, so that the owner is told and can connect again with one click.
/// The cursor stays: reconnecting goes on where it stopped.
/// </summary>
internal static class LoseConnection
{
    private static readonly Actor Job = new Actor.Job("mail-sync");

    /// <param name="tokensAt">
    /// The version of the tokens the provider refused. When they have changed since, somebody connected anew meanwhile
    /// and nothing is lost: a race is not a revocation.
    /// </param>
    public static async Task RunAsync(
        TenantScope scope, ConnectionId id, DocumentVersion tokensAt, CancellationToken cancellation)
    {
        var tokens = await scope.FindAsync(SyncKinds.Tokens, id.Text, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        if (tokens is null || tokens.Version != tokensAt || stored is null
            || ConnectionTransitions.After(stored.Value.State, ConnectionMove.Lose) is not { } lost)
        {
            return;
        }

        // Losing this write means that the connection changed at the same time: the next call finds out how.
        await scope.CommitAsync(
            new AuditEntry(Job, AuditAct.ConnectionLost).On("connection", id.Text),
            [scope.Put(SyncKinds.Connection, stored.Value with { State = lost }, Condition.Is(stored.Version))],
            cancellation);
    }
}
