using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>
/// Which addresses an approval's mail may name as its sender: the connected mailbox's own first, then those that its provider has
/// seen verified. None for what is no mail, and where the account is not there any more. Asks no provider.
/// </summary>
internal sealed class ListSenders(IMailSender sender)
{
    public async Task<ImmutableArray<EmailAddress>> RunAsync(TenantId tenant, Approval approval, CancellationToken cancellation) =>
        approval is { Action: OutgoingMail, Connection: { } by }
        && (await sender.StandingAsync(tenant, by, cancellation)).Try(out var known, out _)
            ? known.Senders
            : [];
}
