using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// The second half of connecting an account: turns the code into a grant, checks that it is exactly the one asked for,
/// asks whose account it opens, and keeps connection, sealed tokens and the order to begin syncing in one write.
/// Connecting a known account again keeps its id and its cursor.
/// </summary>
internal sealed class FinishConnection(
    TenantScopes scopes,
    ConnectorBook connectors,
    FleetDirectory fleet,
    OAuthGrants grants,
    SharedGrants shared,
    TimeProvider time)
{
    /// <param name="At">The word in the address the browser came back to: <c>/connect/{At}/callback</c>.</param>
    /// <param name="Code">Null when the owner denied.</param>
    [JsonConverter(typeof(NeverJson<Answer>))]
    public sealed record Answer(string At, string? State, string? Code)
    {
        /// <summary>Whatever else the browser brought along: <c>realmId</c>, <c>error</c>.</summary>
        public ImmutableDictionary<string, string> Besides { get; init; } = ImmutableDictionary<string, string>.Empty;

        // The code is as good as the grant it is exchanged for.
        public override string ToString() => "***";
    }

    public async Task<Outcome<ConnectionId>> RunAsync(SignedIn by, Answer answer, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var attempt = await TakeAttemptAsync(scope, by, answer, cancellation);
        if (!attempt.Try(out var taken, out var why))
        {
            return why;
        }

        if (string.IsNullOrEmpty(answer.Code))
        {
            return answer.Besides.GetValueOrDefault("error") is "server_error" or "temporarily_unavailable"
                ? new SyncFailures.ProviderDown()
                : new SyncFailures.ConsentDenied();
        }

        var connector = connectors.Of(taken.Provider);
        var before = await shared.GivenBackAsync(scope, connector, cancellation);
        var exchange = await grants.ExchangeAsync(
            connector, taken.Redirect ?? grants.RedirectOf(connector), answer.Code, taken.Verifier, cancellation);
        if (!exchange.Try(out var grant, out why))
        {
            // A code that is refused was never a grant: the attempt is over, not a connection.
            return why is SyncFailures.GrantDead ? new SyncFailures.ConnectAttemptUnknown() : why;
        }

        using var held = grant;
        var account = await connector.IdentifyAsync(
            grant.TokensFor(connector.Terms.Calls, scope.Tenant), answer.Besides, cancellation);
        if (Differs(connector, grant) is { } differs)
        {
            await LetGoAsync(scope, connector, grant, account.Try(out var whose, out _) ? whose : null, cancellation);
            return differs;
        }

        if (!account.Try(out var opened, out why))
        {
            return why;
        }

        var kept = await KeepAsync(scope, by, connector, grant, opened, before, cancellation);
        if (kept.Failure is not null)
        {
            await LetGoAsync(scope, connector, grant, opened, cancellation);
        }

        return kept;
    }

    /// <summary>Finds the attempt and uses it up, so that a state works once.</summary>
    private async Task<Outcome<ConnectAttempt>> TakeAttemptAsync(
        TenantScope scope, SignedIn by, Answer answer, CancellationToken cancellation)
    {
        var stored = string.IsNullOrEmpty(answer.State)
            ? null
            : await scope.FindAsync(SyncKinds.Attempt, StartConnection.HashOf(answer.State), cancellation);
        if (stored is null || stored.Value.ExpiresAt <= time.GetUtcNow() || !SecretText.AreEqual(stored.Value.SessionHash, by.Session.TokenHash))
        {
            return new SyncFailures.ConnectAttemptUnknown();
        }

        var outcome = await scope.CommitAsync(
            [scope.Delete(SyncKinds.Attempt, stored.Value.StateHash, Condition.Is(stored.Version))], cancellation);

        // What another provider sends back with this state is not this attempt's answer (RFC 9700, 4.4: mix-up).
        return outcome is CommitOutcome.Committed && CameBackTo(stored.Value, answer.At)
            ? stored.Value
            : new SyncFailures.ConnectAttemptUnknown();
    }

    private bool CameBackTo(ConnectAttempt attempt, string at) =>
        connectors.Find(attempt.Provider) is { } connector
        && grants.IsSetUp(connector)
        && (attempt.Redirect ?? grants.RedirectOf(connector)).AbsolutePath.EndsWith($"/connect/{at}/callback", StringComparison.Ordinal);

    private static SyncFailures.ScopesDiffer? Differs(IConnector connector, Grant grant)
    {
        var scopes = connector.Terms.Scopes;
        var (missing, extra) = (scopes.MissingIn(grant.Scopes), scopes.ExtraIn(grant.Scopes));
        return missing.IsEmpty && extra.IsEmpty && grant.Refresh is not null
            ? null
            : new SyncFailures.ScopesDiffer(connector.Provider, missing, extra);
    }

    /// <summary>A grant that is not kept must not linger there; unless a good one would go with it.</summary>
    private async Task LetGoAsync(
        TenantScope scope, IConnector connector, Grant grant, ConnectedAccount? account, CancellationToken cancellation)
    {
        if (connector.Terms.Revocation is { } revocation
            && !await shared.AreNeededAsync(scope, connector, account, besides: null, cancellation))
        {
            await grants.RevokeAsync(connector, grant.AccessFor(revocation.At, scope.Tenant), cancellation);
        }
    }

    /// <param name="before">What had been given back before the grant was given.</param>
    private async Task<Outcome<ConnectionId>> KeepAsync(
        TenantScope scope,
        SignedIn by,
        IConnector connector,
        Grant grant,
        ConnectedAccount account,
        ImmutableDictionary<ConnectionId, DocumentVersion> before,
        CancellationToken cancellation)
    {
        // Asked after the exchange: only then it is known whose account it is.
        if (await shared.AreGoingAsync(scope, connector, account, before, cancellation))
        {
            return new SyncFailures.StillDisconnecting();
        }

        var claimed = await ClaimAsync(scope, connector, account, cancellation);
        if (!claimed.Try(out var id, out var why))
        {
            return why;
        }

        var known = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        if (known?.Value.State == ConnectionState.Disconnected && before.GetValueOrDefault(id) != known.Version)
        {
            // It was ended since that was asked.
            return new SyncFailures.StillDisconnecting();
        }

        var state = known is null
            ? ConnectionState.Active
            : ConnectionTransitions.After(known.Value.State, ConnectionMove.Reconnect);
        if (state is not { } active)
        {
            return new SyncFailures.NotConnected();
        }

        var scopesGranted = connector.Terms.Scopes.Kept is null ? connector.Terms.Scopes.Asked : grant.Scopes;
        var connection = new Connection(
            id, connector.Provider, account, active, scopesGranted, by.Person.Id, time.GetUtcNow(), (known?.Value.Grant ?? 0) + 1);
        var outcome = await scope.CommitAsync(
            new AuditEntry(by.Actor, AuditAct.ConnectionMade).On("connection", id.Text).With("mailbox", account.Name),
            [
                scope.Put(SyncKinds.Connection, connection, known is null ? Condition.Absent : Condition.Is(known.Version)),
                .. TokenShelf.Keep(scope, id, grant, Condition.Any),
                .. Over(scope, known?.Value),
                // Nudged from the start: what came in while there was no grant is fetched without waiting for a push.
                WorkflowOutbox.Start(
                    KeepInStep.Name,
                    KeepInStep.InstanceOf(by.Tenant, connection),
                    new KeepInStep.Input(by.Tenant, id, connection.Grant, Nudged: true),
                    orderId: string.Create(CultureInfo.InvariantCulture, $"connect.{id}.{connection.Grant}")),
            ],
            cancellation);
        return outcome is CommitOutcome.Committed ? id : new SyncFailures.ConnectAttemptUnknown();
    }

    /// <summary>What was told of the last grant's end, and how its renewals went, is over.</summary>
    private static Operation[] Over(TenantScope scope, Connection? known) => known is null
        ? []
        :
        [
            scope.Delete(SyncKinds.Notice, known.Id.Text, Condition.Any),
            scope.Delete(SyncKinds.Renewal, known.Id.Text, Condition.Any),
        ];

    /// <summary>One account is connected to one practice: two would send twice. The claim outlives a crash and is found again.</summary>
    private async Task<Outcome<ConnectionId>> ClaimAsync(
        TenantScope scope, IConnector connector, ConnectedAccount account, CancellationToken cancellation)
    {
        var entry = await AccountDirectory.FindAsync(fleet, connector.Provider, account.Key, cancellation)
            ?? new FleetEntry(
                scope.Tenant, (await EarlierAsync(scope, connector, account, cancellation) ?? ConnectionId.New(time)).Text);
        return entry.Tenant == scope.Tenant
            && await AccountDirectory.ClaimAsync(fleet, connector.Provider, account.Key, entry, cancellation)
            ? ConnectionId.Parse(entry.Reference)
            : new SyncFailures.MailboxTaken();
    }

    /// <summary>The connection this practice had to the account before it disconnected: nothing is read in twice.</summary>
    private static async Task<ConnectionId?> EarlierAsync(
        TenantScope scope, IConnector connector, ConnectedAccount account, CancellationToken cancellation)
    {
        var page = await scope.Records.ListAsync(
            SyncKinds.Connection, Connection.ByConnectedAt, "", ListOrder.Descending, ListConnections.Most, null, cancellation);
        return page.Items
            .FirstOrDefault(stored => stored.Value.Provider == connector.Provider && stored.Value.Account.Key == account.Key)
            ?.Value.Id;
    }
}
