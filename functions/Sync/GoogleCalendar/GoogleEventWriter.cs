using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>Google Calendar as a place to write events into.</summary>
internal sealed class GoogleEventWriter(
    TenantScopes scopes,
    AccessTokens tokens,
    GoogleCalendars calendars,
    GoogleCalendarConnector connector,
    TimeProvider time) : IEventWriter
{
    public async Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Connection, connection.Text, cancellation);
        return stored is null
            ? new SyncFailures.NoSuchConnection()
            : new SenderStanding(
                stored.Value.Mailbox,
                stored.Value.State == ConnectionState.Active,
                stored.Value.Scopes.Contains(GoogleCalendarConnector.EventsScope));
    }

    public Task<Outcome<OutgoingWrite>> ComposeAsync(
        TenantId tenant, ConnectionId connection, EventOrder order, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<OutgoingWrite>(EventWrites.Compose(order)));

    public async Task<WriteOutcome> WriteAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation)
    {
        if (permit.Tenant != tenant)
        {
            return new WriteOutcome.NotDone(new EgressFailures.NoPermit());
        }

        var standing = await StandingAsync(tenant, connection, cancellation);
        if (!standing.Try(out var stands, out var why))
        {
            return new WriteOutcome.NotDone(why);
        }

        return stands.Active
            ? await EventWrites.WriteAsync(Of(tenant, connection), permit, write, time.GetUtcNow(), cancellation)
            : new WriteOutcome.NotDone(new SyncFailures.NotConnected());
    }

    public Task<Outcome<WriteTrace>> LookUpAsync(
        TenantId tenant, ConnectionId connection, EventOrder order, OutgoingWrite write, CancellationToken cancellation) =>
        EventWrites.LookUpAsync(Of(tenant, connection), order, cancellation);

    public Task<Outcome<EventSnapshot>> ReadAsync(
        TenantId tenant, ConnectionId connection, EventPlace place, CancellationToken cancellation) =>
        EventWrites.ReadAsync(Of(tenant, connection), place, cancellation);

    private CalendarAccount Of(TenantId tenant, ConnectionId connection) =>
        calendars.Of(tenant, connection, tokens.For(tenant, connection, connector), CallPriority.Interactive);
}
