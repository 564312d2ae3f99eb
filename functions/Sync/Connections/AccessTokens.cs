using System.Collections.Concurrent;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;

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

    private async ValueTask<Outcome<SecretText>> CurrentAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Tokens, connection.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NotConnected();
        }

        return stored.Value.AccessExpiresAt > time.GetUtcNow()
            ? new SecretText(stored.Value.AccessToken)
            : await RenewAsync(tenant, connection, new SecretText(stored.Value.AccessToken), cancellation);
    }

    private async ValueTask<Outcome<SecretText>> RenewAsync(
        TenantId tenant, ConnectionId connection, SecretText stale, CancellationToken cancellation)
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

    private async ValueTask<Outcome<SecretText>> RenewAloneAsync(
        TenantScope scope, ConnectionId connection, SecretText stale, CancellationToken cancellation)
    {
        // Read again now that nobody else renews: most callers find that it has been done for them.
        var stored = await scope.FindAsync(SyncKinds.Tokens, connection.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NotConnected();
        }

        if (!stale.Equals(new SecretText(stored.Value.AccessToken)) && stored.Value.AccessExpiresAt > time.GetUtcNow())
        {
            return new SecretText(stored.Value.AccessToken);
        }

        var outcome = await grants.RefreshAsync(stored.Value.RefreshToken, cancellation);
        if (outcome.Try(out var grant, out var why))
        {
            return await KeepAsync(scope, stored, grant, cancellation);
        }

        if (why is SyncFailures.GrantDead)
        {
            await LoseConnection.RunAsync(scope, connection, stored.Version, why.Code, cancellation);
        }

        return why;
    }

    private static async Task<Outcome<SecretText>> KeepAsync(
        TenantScope scope, Vault.Stored<GrantedTokens> stored, Grant grant, CancellationToken cancellation)
    {
        var tokens = stored.Value with
        {
            AccessToken = grant.AccessToken,
            AccessExpiresAt = grant.AccessExpiresAt,
            // A provider that rotates refresh tokens sends the new one; one that does not sends none.
            RefreshToken = grant.RefreshToken ?? stored.Value.RefreshToken,
        };
        var outcome = await scope.CommitAsync([scope.Put(SyncKinds.Tokens, tokens, Condition.Is(stored.Version))], cancellation);
        if (outcome is CommitOutcome.Committed)
        {
            return new SecretText(tokens.AccessToken);
        }

        var newer = await scope.FindAsync(SyncKinds.Tokens, tokens.Connection.Text, cancellation);
        return newer is null ? new SyncFailures.NotConnected() : new SecretText(newer.Value.AccessToken);
    }

    private sealed class OfConnection(AccessTokens all, TenantId tenant, ConnectionId connection) : IAccessTokens
    {
        public ValueTask<Outcome<SecretText>> CurrentAsync(CancellationToken cancellation) =>
            all.CurrentAsync(tenant, connection, cancellation);

        public ValueTask<Outcome<SecretText>> RenewAsync(SecretText stale, CancellationToken cancellation) =>
            all.RenewAsync(tenant, connection, stale, cancellation);
    }
}
