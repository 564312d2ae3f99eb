using System.Globalization;
using System.Text.Json.Serialization;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// The second half of connecting a mailbox: turns the code into a grant, checks that it is exactly the one asked for,
/// and keeps connection, sealed tokens and the order to begin syncing in one write.
/// Connecting a known mailbox again keeps its id and its cursor.
/// </summary>
internal sealed class FinishConnection(
    TenantScopes scopes, FleetDirectory fleet, GoogleGrants grants, GmailMailboxes mailboxes, TimeProvider time)
{
    /// <param name="Code">Null when the owner denied.</param>
    [JsonConverter(typeof(NeverJson<Answer>))]
    public sealed record Answer(string? State, string? Code)
    {
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
            return new SyncFailures.ConsentDenied();
        }

        var exchange = await grants.ExchangeAsync(answer.Code, taken.Verifier, cancellation);
        if (!exchange.Try(out var grant, out why))
        {
            // A code that is refused was never a grant: the attempt is over, not a connection.
            return why is SyncFailures.GrantDead ? new SyncFailures.ConnectAttemptUnknown() : why;
        }

        using var held = grant;
        if (grant.Refresh is null || !grant.Scopes.ToHashSet().SetEquals(GoogleGrants.Scopes))
        {
            // The half-given grant is of no use to us and must not linger there.
            await grants.RevokeAsync(grant.AccessFor(GoogleServices.Grants, scope.Tenant), cancellation);
            return new SyncFailures.ScopesDiffer();
        }

        return await KeepAsync(scope, by, grant, cancellation);
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
        return outcome is CommitOutcome.Committed ? stored.Value : new SyncFailures.ConnectAttemptUnknown();
    }

    private async Task<Outcome<ConnectionId>> KeepAsync(
        TenantScope scope, SignedIn by, Grant grant, CancellationToken cancellation)
    {
        var profile = await mailboxes.With(scope.Tenant, grant).ProfileAsync(cancellation);
        if (!profile.Try(out var found, out var why))
        {
            return why;
        }

        if (!EmailAddress.TryParse(found.EmailAddress, out var mailbox))
        {
            return new SyncFailures.AnswerMalformed();
        }

        var claimed = await ClaimAsync(scope, mailbox, cancellation);
        if (!claimed.Try(out var id, out why))
        {
            return why;
        }

        var known = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        var before = await scope.FindAsync(SyncKinds.Tokens, id.Text, cancellation);
        if (known?.Value.State == ConnectionState.Disconnected && before is not null)
        {
            // The old grant is still being given back, and Google takes back all of a program's grants at once.
            return new SyncFailures.StillDisconnecting();
        }

        var state = known is null
            ? ConnectionState.Active
            : ConnectionTransitions.After(known.Value.State, ConnectionMove.Reconnect);
        if (state is not { } active)
        {
            return new SyncFailures.NotConnected();
        }

        var connection = new Connection(
            id, mailbox, active, grant.Scopes, by.Person.Id, time.GetUtcNow(), (known?.Value.Grant ?? 0) + 1);
        var outcome = await scope.CommitAsync(
            new AuditEntry(by.Actor, AuditAct.ConnectionMade).On("connection", id.Text).With("mailbox", mailbox.Text),
            [
                scope.Put(SyncKinds.Connection, connection, known is null ? Condition.Absent : Condition.Is(known.Version)),
                .. TokenShelf.Keep(scope, id, grant, Condition.Any),
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

    /// <summary>One mailbox is connected to one practice: two would send twice. The claim outlives a crash and is found again.</summary>
    private async Task<Outcome<ConnectionId>> ClaimAsync(
        TenantScope scope, EmailAddress mailbox, CancellationToken cancellation)
    {
        var entry = await MailboxDirectory.FindAsync(fleet, mailbox, cancellation)
            ?? new FleetEntry(scope.Tenant, (await EarlierAsync(scope, mailbox, cancellation) ?? ConnectionId.New(time)).Text);
        return entry.Tenant == scope.Tenant && await MailboxDirectory.ClaimAsync(fleet, mailbox, entry, cancellation)
            ? ConnectionId.Parse(entry.Reference)
            : new SyncFailures.MailboxTaken();
    }

    /// <summary>The connection this practice had to the mailbox before it disconnected: its mail is not read in twice.</summary>
    private static async Task<ConnectionId?> EarlierAsync(
        TenantScope scope, EmailAddress mailbox, CancellationToken cancellation)
    {
        var page = await scope.Records.ListAsync(
            SyncKinds.Connection, Connection.ByConnectedAt, "", ListOrder.Descending, ListConnections.Most, null, cancellation);
        return page.Items.FirstOrDefault(stored => stored.Value.Mailbox == mailbox)?.Value.Id;
    }
}
