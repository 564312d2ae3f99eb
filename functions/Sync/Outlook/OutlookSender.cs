using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Outlook as a way out. A draft sent by its id would leave as it stands there by then; so the approved bytes themselves are
/// sent, once, and looked for by their Message-ID.
/// </summary>
internal sealed class OutlookSender(
    TenantScopes scopes, AccessTokens tokens, OutlookAccounts accounts, OutlookConnector connector) : IMailSender
{
    public Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        OutlookStanding.OfAsync(scopes, tenant, connection, OutlookConnector.SendMailScope, cancellation);

    public Task<Outcome<string>> CreateDraftAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, DraftContent content, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<string>(IMailSender.NoDraft));

    public async Task<SendOutcome> SendDraftAsync(
        TenantId tenant,
        ConnectionId connection,
        SendPermit permit,
        string draftId,
        DraftContent content,
        CancellationToken cancellation) =>
        await OutlookStanding.BarredAsync(scopes, tenant, connection, permit, cancellation) is { } barred
            ? new SendOutcome.NotSent(barred)
            : await OutlookLetters.SendAsync(Of(tenant, connection), permit, content.Mime, cancellation);

    public Task<Outcome<Whereabouts>> LookUpAsync(
        TenantId tenant, ConnectionId connection, string messageId, string? draftId, CancellationToken cancellation) =>
        OutlookLetters.LookUpAsync(Of(tenant, connection), messageId, cancellation);

    private OutlookAccount Of(TenantId tenant, ConnectionId connection) =>
        accounts.Of(tenant, connection, tokens.For(tenant, connection, connector), CallPriority.Interactive);
}
