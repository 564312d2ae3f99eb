using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>Reads everything the gates judge by. What cannot be read counts against letting go.</summary>
internal sealed class GatherGateFacts(
    IMailSender sender, IEventWriter events, ITaskWriter tasks, MailFacts facts, TimeProvider time)
{
    private const int MostContactsCompared = 5_000;

    public async Task<GateFacts> RunAsync(
        TenantScope scope, Approval approval, OutgoingAction action, ApproverFacts? approver, CancellationToken cancellation)
    {
        var policy = (await scope.FindAsync(ApprovalKinds.Policy, OutboundPolicy.Id, cancellation))?.Value ?? OutboundPolicy.Default;
        return new GateFacts(
            action,
            approval.ProposedBy,
            approver,
            await SenderAsync(scope.Tenant, approval.Connection, action, policy, cancellation),
            await RecipientsAsync(scope.Tenant, action, policy, cancellation),
            await PaceAsync(scope, approval, action, policy, cancellation),
            time.GetUtcNow());
    }

    private async Task<SenderFacts> SenderAsync(
        TenantId tenant, ConnectionId? connection, OutgoingAction action, OutboundPolicy policy, CancellationToken cancellation)
    {
        if (connection is not { } by)
        {
            // The practice's own list is always there.
            return new SenderFacts(null, Active: true, MaySend: true, policy.Allowed);
        }

        var standing = action switch
        {
            OutgoingMail => await sender.StandingAsync(tenant, by, cancellation),
            OutgoingEvent => await events.StandingAsync(tenant, by, cancellation),
            OutgoingTask => await tasks.StandingAsync(tenant, by, cancellation),
            _ => throw new InvalidOperationException("An action of no known kind."),
        };
        return standing.Try(out var known, out _)
            ? new SenderFacts(known.Mailbox, known.Active, known.MaySend, policy.Allowed) { Aliases = [.. known.Aliases] }
            : new SenderFacts(PolicyGate.AccountOf(action), Active: false, MaySend: false, policy.Allowed);
    }

    private async Task<RecipientFacts> RecipientsAsync(
        TenantId tenant, OutgoingAction action, OutboundPolicy policy, CancellationToken cancellation)
    {
        var known = ImmutableHashSet.CreateBuilder<EmailAddress>();
        var writtenTo = ImmutableHashSet.CreateBuilder<EmailAddress>();
        foreach (var recipient in action.Recipients)
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
        var compares = action.Recipients.Any(recipient => !writtenTo.Contains(recipient.Address));
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
        TenantScope scope, Approval approval, OutgoingAction action, OutboundPolicy policy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var page = await scope.Records.ListAsync(
            ApprovalKinds.Approval, Approval.ByRelease, "", ListOrder.Descending, PaceGate.MostADay, null, cancellation);
        var lastDay = page.Items
            .Select(item => item.Value)
            .TakeWhile(other => now - other.Progress!.ReleasedAt < TimeSpan.FromDays(1))
            .Where(other => other.Id != approval.Id)
            .ToList();
        return new PaceFacts(
            lastDay.Count(other => now - other.Progress!.ReleasedAt < TimeSpan.FromHours(1)),
            lastDay.Count,
            lastDay.Any(other => action.Repeats(other.Action)),
            policy.QuietHours);
    }
}
