using System.Collections.Concurrent;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>
/// The access tokens of connections, renewed once however many ask. Three fences, because a lost token is a lost
/// customer: callers in this process wait for one another; programs wait for a lease; and the write itself is
/// conditional, so that a late writer can never put an older token over a newer one.
/// </summary>
internal sealed class AccessTokens(TenantScopes scopes, RenewTokens renew, EgressOptions egress, TimeProvider time)
{
    private static readonly TimeSpan LeaseRetry = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<ConnectionId, SemaphoreSlim> renewing = new();

    // Longer than an exchange can take, with room for the writes around it.
    private readonly TimeSpan leaseTime = egress.Timeout + TimeSpan.FromSeconds(15);

    public IAccessTokens For(TenantId tenant, ConnectionId connection, IConnector connector) =>
        new OfConnection(this, tenant, connection, connector);

    private async ValueTask<Outcome<SealedToken>> CurrentAsync(OfConnection of, CancellationToken cancellation)
    {
        var token = Access(of);
        if (of.GoodUntil is { } known && known > time.GetUtcNow())
        {
            // Whether there still is one, and which, is found when the door opens it.
            return token;
        }

        var scope = await scopes.OpenAsync(of.Tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Tokens, of.Connection.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NotConnected();
        }

        of.GoodUntil = stored.Value.AccessExpiresAt;
        return of.GoodUntil > time.GetUtcNow() ? token : await RenewAsync(of, token, cancellation);
    }

    private TokenGlance NewGlance() => new(time);

    private SealedConnectionToken Access(OfConnection of) =>
        SealedConnectionToken.Access(scopes, of.Tenant, of.Connection, of.Connector.Terms.Calls, of.Glance);

    private async ValueTask<Outcome<SealedToken>> RenewAsync(OfConnection of, SealedToken stale, CancellationToken cancellation)
    {
        var gate = renewing.GetOrAdd(of.Connection, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellation);
        try
        {
            var scope = await scopes.OpenAsync(of.Tenant, cancellation);
            var lease = await AcquireAsync(scope.Storage.Leases, of.Connection, cancellation);
            try
            {
                var done = await renew.RunAsync(scope, of.Connection, of.Connector, stale, cancellation);
                of.Glance.Forget();
                return done.Try(out _, out var why) ? Access(of) : why;
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
            if (await leases.AcquireAsync(name, leaseTime, cancellation) is LeaseOutcome.Granted granted)
            {
                return granted.Lease;
            }

            await Task.Delay(LeaseRetry, time, cancellation);
        }
    }

    private sealed class OfConnection(AccessTokens all, TenantId tenant, ConnectionId connection, IConnector connector)
        : IAccessTokens
    {
        private long goodUntil;

        public TenantId Tenant => tenant;

        public ConnectionId Connection => connection;

        public IConnector Connector => connector;

        public TokenGlance Glance { get; } = all.NewGlance();

        /// <summary>
        /// Until when the stored token was seen to be good; null before it was looked up. One that is stored later is good for
        /// longer.
        /// </summary>
        public DateTimeOffset? GoodUntil
        {
            get => Interlocked.Read(ref goodUntil) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            set => Interlocked.Exchange(ref goodUntil, value?.UtcTicks ?? 0);
        }

        public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) => all.CurrentAsync(this, cancellation);

        public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation) =>
            all.RenewAsync(this, stale, cancellation);
    }
}
