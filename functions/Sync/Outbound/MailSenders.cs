using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outbound;

/// <summary>Every mailbox as a way out: passes on to the one its provider has.</summary>
internal sealed class MailSenders(ProviderPorts<IMailSender> ports) : IMailSender
{
    public async Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        (await ports.OfAsync(tenant, connection, cancellation)).Try(out var sender, out var why)
            ? await sender.StandingAsync(tenant, connection, cancellation)
            : why;

    public async Task<Outcome<string>> CreateDraftAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, DraftContent content, CancellationToken cancellation) =>
        (await ports.OfAsync(tenant, connection, cancellation)).Try(out var sender, out var why)
            ? await sender.CreateDraftAsync(tenant, connection, permit, content, cancellation)
            : why;

    public async Task<SendOutcome> SendDraftAsync(
        TenantId tenant,
        ConnectionId connection,
        SendPermit permit,
        string draftId,
        DraftContent content,
        CancellationToken cancellation) =>
        (await ports.OfAsync(tenant, connection, cancellation)).Try(out var sender, out var why)
            ? await sender.SendDraftAsync(tenant, connection, permit, draftId, content, cancellation)
            : new SendOutcome.NotSent(why);

    public async Task<Outcome<Whereabouts>> LookUpAsync(
        TenantId tenant, ConnectionId connection, string messageId, string? draftId, CancellationToken cancellation) =>
        (await ports.OfAsync(tenant, connection, cancellation)).Try(out var sender, out var why)
            ? await sender.LookUpAsync(tenant, connection, messageId, draftId, cancellation)
            : why;
}
