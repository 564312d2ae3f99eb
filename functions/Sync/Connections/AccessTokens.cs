using System.Collections.Concurrent;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// The access tokens of connections, renewed once however many ask. Three fences, because a lost token is a lost
/// customer: callers in this process wait for one another; programs wait for a lease; and the write itself is
/// conditional, so that a late writer can never put an older token over a newer one.
/// </summary>
internal sealed class AccessTokens(TenantScopes scopes, GoogleGrants grants, TimeProvider time)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LeaseRetry = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<ConnectionId, SemaphoreSlim> renewing = new();

    public IAccessTokens For(TenantId tenant, ConnectionId connection) => new OfConnection(this, tenant, connection);

    private async ValueTask<Outcome<SealedToken>> CurrentAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Tokens, connection.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NotConnected();
        }

        var token = Access(tenant, connection);
        return stored.Value.AccessExpiresAt > time.GetUtcNow() ? token : await RenewAsync(tenant, connection, token, cancellation);
    }

    private SealedConnectionToken Access(TenantId tenant, ConnectionId connection) =>
        SealedConnectionToken.Access(scopes, tenant, connection);

    private async ValueTask<Outcome<SealedToken>> RenewAsync(
        TenantId tenant, ConnectionId connection, SealedToken stale, CancellationToken cancellation)
    {
        var gate = renewing.GetOrAdd(connection, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellation);
        try
        {
            var scope = await scopes.OpenAsync(tenant, cancellation);
            var lease = await AcquireAsync(scope.Storage.Leases, connection, cancellation);
            try
            {
                return await RenewAloneAsync(scope, connection, stale, cancellation);
            }
            finally
            {
                await scope.Storage.Leases.ReleaseAsync(lease, CancellationToken.None);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<Lease> AcquireAsync(ILeases leases, ConnectionId connection, CancellationToken cancellation)
    {
        var name = new LeaseName($"renew-token.{connection}");
        while (true)
        {
            if (await leases.AcquireAsync(name, LeaseTime, cancellation) is LeaseOutcome.Granted granted)
            {
                return granted.Lease;
            }

            await Task.Delay(LeaseRetry, time, cancellation);
        }
    }

    private async ValueTask<Outcome<SealedToken>> RenewAloneAsync(
        TenantScope scope, ConnectionId connection, SealedToken stale, CancellationToken cancellation)
    {
        // Read again now that nobody else renews: most callers find that it has been done for them.
        var stored = await scope.FindAsync(SyncKinds.Tokens, connection.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NotConnected();
        }

        if (stored.Value.AccessExpiresAt > time.GetUtcNow() && !await IsStillAsync(scope, stored, stale, cancellation))
        {
            return Access(scope.Tenant, connection);
        }

        var outcome = await grants.RefreshAsync(
            SealedConnectionToken.Refresh(scopes, scope.Tenant, connection), cancellation);
        if (outcome.Try(out var grant, out var why))
        {
            using var held = grant;
            return await KeepAsync(scope, stored, grant, cancellation);
        }

        if (why is SyncFailures.GrantDead)
        {
            await LoseConnection.RunAsync(scope, connection, stored.Version, why.Code, cancellation);
        }

        return why;
    }

    /// <summary>
    /// True while the token that is stored is the one that was opened and refused. One that was never opened ran out by the
    /// clock, and the clock is asked before.
    /// </summary>
    private static async ValueTask<bool> IsStillAsync(
        TenantScope scope, Stored<GrantedTokens> tokens, SealedToken stale, CancellationToken cancellation)
    {
        // By its version alone: nothing needs to be opened for this. In the earlier shape the record itself held the token.
        var key = SyncKinds.AccessToken.Key(tokens.Value.Connection.Text);
        var stored = await scope.Storage.Documents.FindAsync(key, cancellation);
        return stale is SealedConnectionToken { Opened: { } refused } && refused == (stored?.Version ?? tokens.Version);
    }

    private async Task<Outcome<SealedToken>> KeepAsync(
        TenantScope scope, Stored<GrantedTokens> stored, Grant grant, CancellationToken cancellation)
    {
        var connection = stored.Value.Connection;
        var outcome = await scope.CommitAsync(
            TokenShelf.Keep(scope, connection, grant, Condition.Is(stored.Version), stored.Value.Earlier), cancellation);
        return outcome is CommitOutcome.Committed || await scope.FindAsync(SyncKinds.Tokens, connection.Text, cancellation) is not null
            ? Access(scope.Tenant, connection)
            : new SyncFailures.NotConnected();
    }

    private sealed class OfConnection(AccessTokens all, TenantId tenant, ConnectionId connection) : IAccessTokens
    {
        public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) =>
            all.CurrentAsync(tenant, connection, cancellation);

        public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation) =>
            all.RenewAsync(tenant, connection, stale, cancellation);
    }
}
