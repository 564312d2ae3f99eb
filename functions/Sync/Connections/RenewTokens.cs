using System.Collections.Concurrent;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// One renewal, under the lease of <see cref="AccessTokens"/>. From the exchange on it does not stop for a caller who has
/// gone: a provider that gives a new refresh token each time has ended the stored one by then. Tokens that the store did not
/// take are kept here and put away by the next call. A crash between answer and store loses them for good: that a renewal was
/// under way is written down before it, so that the owner is told what happened.
/// </summary>
internal sealed class RenewTokens(TenantScopes scopes, OAuthGrants grants, TimeProvider time)
{
    private const int Tries = 3;
    private readonly ConcurrentDictionary<ConnectionId, Unsaved> unsaved = new();

    /// <summary>Done when the stored access token is another than <paramref name="stale"/> was, and not past its time.</summary>
    public async Task<Outcome<Done>> RunAsync(
        TenantScope scope, ConnectionId connection, IConnector connector, SealedToken stale, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            // Read again now that nobody else renews: most callers find that it has been done for them.
            var stored = await scope.FindAsync(SyncKinds.Tokens, connection.Text, cancellation);
            if (stored is null)
            {
                return new SyncFailures.NotConnected();
            }

            if (unsaved.TryRemove(connection, out var left))
            {
                if (stored.Version != left.Over)
                {
                    // Others were stored meanwhile: the account was connected anew.
                    left.Grant.Dispose();
                }
                else if ((await SaveAsync(scope, connector, stored, left.Grant)).Failure is { } gone)
                {
                    return gone;
                }

                continue;
            }

            var now = time.GetUtcNow();
            if (stored.Value.AccessExpiresAt > now && !await IsStillAsync(scope, stored, stale, cancellation))
            {
                return Done.Value;
            }

            var renewal = await scope.FindAsync(SyncKinds.Renewal, connection.Text, cancellation);
            if (renewal?.Value.RestsUntil is { } until && until > now)
            {
                return new SyncFailures.RateLimited(until - now);
            }

            var begun = (renewal?.Value ?? new Renewal(connection)).Begin(now);
            if (await PutAsync(scope, begun, renewal is null ? Condition.Absent : Condition.Is(renewal.Version), cancellation))
            {
                return await ExchangeAsync(scope, connector, stored, begun);
            }
        }

        // Somebody who believed to hold the lease came between, each time.
        return new SyncFailures.ProviderDown();
    }

    private async Task<Outcome<Done>> ExchangeAsync(
        TenantScope scope, IConnector connector, Stored<GrantedTokens> stored, Renewal begun)
    {
        var refresh = SealedConnectionToken.Refresh(scopes, scope.Tenant, begun.Connection, connector.Terms.ExchangeAt);
        var outcome = await grants.RefreshAsync(connector, refresh, CancellationToken.None);
        if (outcome.Try(out var grant, out var why))
        {
            return await SaveAsync(scope, connector, stored, grant);
        }

        if (why is SyncFailures.GrantDead)
        {
            Failure because = begun.CutOff ? new SyncFailures.RenewalCutOff() : why;
            return await LoseConnection.RunAsync(
                scope, begun.Connection, stored.Version, because.Code, time.GetUtcNow(), CancellationToken.None)
                ? why
                : Done.Value;
        }

        var failed = begun.Fail(
            time.GetUtcNow(),
            why.Code,
            (why as SyncFailures.RateLimited)?.Wait,
            mayHaveActed: why is EgressFailures.NoAnswer or SyncFailures.AnswerMalformed);
        await PutAsync(scope, failed, Condition.Any, CancellationToken.None);
        return why;
    }

    private async Task<Outcome<Done>> SaveAsync(
        TenantScope scope, IConnector connector, Stored<GrantedTokens> stored, Grant grant)
    {
        try
        {
            var kept = await KeepAsync(scope, connector, stored, grant);
            grant.Dispose();
            return kept;
        }
        catch
        {
            // Whatever kept the store from taking it: these are the only copies in the world.
            unsaved[stored.Value.Connection] = new Unsaved(grant, stored.Version);
            throw;
        }
    }

    /// <param name="over">The tokens it replaces. When those are no longer the stored ones, the stored ones stay.</param>
    private async Task<Outcome<Done>> KeepAsync(
        TenantScope scope, IConnector connector, Stored<GrantedTokens> over, Grant grant)
    {
        var connection = over.Value.Connection;
        var outcome = await scope.CommitAsync(
            [
                .. TokenShelf.Keep(scope, connection, grant, Condition.Is(over.Version), over.Value.Earlier),
                scope.Put(SyncKinds.Renewal, new Renewal(connection), Condition.Any),
            ],
            CancellationToken.None);
        if (outcome is CommitOutcome.Committed
            || await scope.FindAsync(SyncKinds.Tokens, connection.Text, CancellationToken.None) is not null)
        {
            return Done.Value;
        }

        // Disconnected meanwhile: what was given back was the refresh token before this one.
        if (connector.Terms is { Revocation: { } revocation, RevocationEndsAll: false })
        {
            await grants.RevokeAsync(connector, grant.AccessFor(revocation.At, scope.Tenant), CancellationToken.None);
        }

        return new SyncFailures.NotConnected();
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

    private static async Task<bool> PutAsync(
        TenantScope scope, Renewal renewal, Condition condition, CancellationToken cancellation) =>
        await scope.CommitAsync([scope.Put(SyncKinds.Renewal, renewal, condition)], cancellation) is CommitOutcome.Committed;

    /// <summary>Tokens that are stored nowhere yet.</summary>
    private sealed record Unsaved(Grant Grant, DocumentVersion Over);
}
