using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outlook;

/// <summary>The Outlook calendar as a place to write events into.</summary>
internal sealed class OutlookEventWriter(
    TenantScopes scopes, AccessTokens tokens, OutlookAccounts accounts, OutlookConnector connector) : IEventWriter
{
    public Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        OutlookStanding.OfAsync(scopes, tenant, connection, OutlookConnector.WriteEventsScope, cancellation);

    public Task<Outcome<OutgoingWrite>> ComposeAsync(
        TenantId tenant, ConnectionId connection, EventOrder order, CancellationToken cancellation) =>
        Task.FromResult(OutlookEventWrites.Compose(order));

    public async Task<WriteOutcome> WriteAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation) =>
        await OutlookStanding.BarredAsync(scopes, tenant, connection, permit, cancellation) is { } barred
            ? new WriteOutcome.NotDone(barred)
            : await OutlookEventWrites.WriteAsync(Of(tenant, connection), permit, write, cancellation);

    public Task<Outcome<WriteTrace>> LookUpAsync(
        TenantId tenant, ConnectionId connection, EventOrder order, OutgoingWrite write, CancellationToken cancellation) =>
        OutlookEventWrites.LookUpAsync(Of(tenant, connection), order, cancellation);

    public Task<Outcome<EventSnapshot>> ReadAsync(
        TenantId tenant, ConnectionId connection, EventPlace place, CancellationToken cancellation) =>
        OutlookEventWrites.ReadAsync(Of(tenant, connection), place, cancellation);

    private OutlookAccount Of(TenantId tenant, ConnectionId connection) =>
        accounts.Of(tenant, connection, tokens.For(tenant, connection, connector), CallPriority.Interactive);
}
