using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outlook;

/// <summary>The account's own list in Microsoft To Do as a place to put tasks on.</summary>
internal sealed class OutlookTaskWriter(
    TenantScopes scopes, AccessTokens tokens, OutlookAccounts accounts, OutlookConnector connector) : ITaskWriter
{
    public Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        OutlookStanding.OfAsync(scopes, tenant, connection, OutlookConnector.WriteTasksScope, cancellation);

    public Task<Outcome<OutgoingWrite>> ComposeAsync(
        TenantId tenant, ConnectionId connection, TaskOrder order, CancellationToken cancellation) =>
        OutlookTaskWrites.ComposeAsync(Of(tenant, connection), order, cancellation);

    public async Task<WriteOutcome> WriteAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation) =>
        await OutlookStanding.BarredAsync(scopes, tenant, connection, permit, cancellation) is { } barred
            ? new WriteOutcome.NotDone(barred)
            : await OutlookTaskWrites.WriteAsync(Of(tenant, connection), permit, write, cancellation);

    public Task<Outcome<WriteTrace>> LookUpAsync(
        TenantId tenant, ConnectionId connection, TaskOrder order, OutgoingWrite write, CancellationToken cancellation) =>
        OutlookTaskWrites.LookUpAsync(Of(tenant, connection), order, write, cancellation);

    private OutlookAccount Of(TenantId tenant, ConnectionId connection) =>
        accounts.Of(tenant, connection, tokens.For(tenant, connection, connector), CallPriority.Interactive);
}
