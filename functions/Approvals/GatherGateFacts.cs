using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>Reads everything the gates judge by. What cannot be read counts against letting go.</summary>
internal sealed class GatherGateFacts(IMailSender sender, MailFacts facts, TimeProvider time)
{
    private const int MostContactsCompared = 5_000;

    public async Task<GateFacts> RunAsync(
        TenantScope scope, Approval approval, OutgoingMail mail, ApproverFacts? approver, CancellationToken cancellation)
    {
        var policy = (await scope.FindAsync(ApprovalKinds.Policy, OutboundPolicy.Id, cancellation))?.Value ?? OutboundPolicy.Default;
        var standing = await sender.StandingAsync(scope.Tenant, approval.Connection, cancellation);
        var stands = standing.Try(out var known, out _)
            ? new SenderFacts(known.Mailbox, known.Active, known.MaySend, policy.Allowed)
            : new SenderFacts(mail.From.Address, Active: false, MaySend: false, policy.Allowed);
        return new GateFacts(
            mail,
            approval.ProposedBy,
            approver,
            stands,
            await RecipientsAsync(scope.Tenant, mail, policy, cancellation),
            await PaceAsync(scope, approval, mail, policy, cancellation),
            time.GetUtcNow());
    }

    private async Task<RecipientFacts> RecipientsAsync(
        TenantId tenant, OutgoingMail mail, OutboundPolicy policy, CancellationToken cancellation)
    {
        var known = ImmutableHashSet.CreateBuilder<EmailAddress>();
        var writtenTo = ImmutableHashSet.CreateBuilder<EmailAddress>();
        foreach (var recipient in mail.Recipients)
        {
            if (await facts.FindContactAsync(tenant, recipient.Address, cancellation) is { } contact)
            {
                known.Add(recipient.Address);
                if (contact.WrittenTo)
                {
                    writtenTo.Add(recipient.Address);
                }
            }
        }

        // Whoever the practice writes to already needs no comparing.
        var compares = mail.Recipients.Any(recipient => !writtenTo.Contains(recipient.Address));
        return new RecipientFacts(
            known.ToImmutable(),
            [.. policy.OptedOut],
            writtenTo.ToImmutable(),
            compares ? await DomainsAsync(tenant, cancellation) : []);
    }

    private async Task<ImmutableHashSet<string>> DomainsAsync(TenantId tenant, CancellationToken cancellation)
    {
        var domains = ImmutableHashSet.CreateBuilder<string>();
        var seen = 0;
        Cursor? after = null;
        do
        {
            var page = await facts.ContactsAsync(tenant, 500, after, cancellation);
            domains.UnionWith(page.Items.Where(contact => contact.WrittenTo).Select(contact => contact.Address.Domain));
            seen += page.Items.Count;
            after = page.Next;
        }
        while (after is not null && seen < MostContactsCompared);
        return domains.ToImmutable();
    }

    private async Task<PaceFacts> PaceAsync(
        TenantScope scope, Approval approval, OutgoingMail mail, OutboundPolicy policy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var page = await scope.Records.ListAsync(
            ApprovalKinds.Approval, Approval.ByRelease, "", ListOrder.Descending, PaceGate.MostADay, null, cancellation);
        var lastDay = page.Items
            .Select(item => item.Value)
            .TakeWhile(other => now - other.Progress!.ReleasedAt < TimeSpan.FromDays(1))
            .Where(other => other.Id != approval.Id)
            .ToList();
        var recipients = mail.Recipients.Select(party => party.Address).ToHashSet();
        return new PaceFacts(
            lastDay.Count(other => now - other.Progress!.ReleasedAt < TimeSpan.FromHours(1)),
            lastDay.Count,
            lastDay.Any(other => other.Mail.Text == mail.Text
                && other.Mail.Recipients.Any(party => recipients.Contains(party.Address))),
            policy.QuietHours);
    }
}
