using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// Notes that the provider no longer honours a grant, and tells the practice so with the same write: why, and that one click
/// connects it again. The cursor stays: reconnecting goes on where it stopped.
/// </summary>
internal static class LoseConnection
{
    private static readonly Actor Job = new Actor.Job("mail-sync");

    /// <param name="tokensAt">
    /// The version of the tokens the provider refused. When they have changed since, somebody connected anew meanwhile, or
    /// renewed them, and nothing is lost: a race is not a revocation.
    /// </param>
    /// <returns>False when nothing is lost.</returns>
    public static async Task<bool> RunAsync(
        TenantScope scope,
        ConnectionId id,
        DocumentVersion tokensAt,
        string because,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        // The connection is read first: when the tokens are still the same after that, so is the grant it speaks of.
        var stored = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        var tokens = await scope.FindAsync(SyncKinds.Tokens, id.Text, cancellation);
        if (tokens is not null && tokens.Version != tokensAt)
        {
            return false;
        }

        if (stored is not null && tokens is not null)
        {
            await RunAsync(scope, stored, because, now, cancellation);
        }

        return true;
    }

    /// <param name="grant">The grant that does not do. When there is a newer one, nothing is lost.</param>
    public static async Task RunAsync(
        TenantScope scope, ConnectionId id, int grant, string because, DateTimeOffset now, CancellationToken cancellation)
    {
        var stored = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        if (stored?.Value.Grant == grant)
        {
            await RunAsync(scope, stored, because, now, cancellation);
        }
    }

    private static async Task RunAsync(
        TenantScope scope, Stored<Connection> stored, string because, DateTimeOffset now, CancellationToken cancellation)
    {
        var connection = stored.Value;
        if (ConnectionTransitions.After(connection.State, ConnectionMove.Lose) is not { } state)
        {
            return;
        }

        // Losing this write means that the connection changed at the same time: the next call finds out how.
        await scope.CommitAsync(
            new AuditEntry(Job, AuditAct.ConnectionLost).On("connection", connection.Id.Text).On("because", because),
            [
                scope.Put(
                    SyncKinds.Connection,
                    connection with { State = state, LostBecause = because },
                    Condition.Is(stored.Version)),
                scope.Put(
                    SyncKinds.Notice,
                    new ConnectionNotice(connection.Id, connection.Provider, connection.Account.Name, because, now),
                    Condition.Any),
            ],
            cancellation);
    }
}
