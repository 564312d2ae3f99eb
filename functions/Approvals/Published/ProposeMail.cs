using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals.Published;

/// <summary>
/// Puts a mail before the practice's people. It leaves only if one of them approves exactly it. Proposing the same
/// basis again gives the approval that is there, in whatever state it is.
/// </summary>
internal sealed class ProposeMail(
    TenantScopes scopes, IMailSender sender, GatherGateFacts gather, ApprovalOptions options, TimeProvider time)
{
    /// <param name="Basis">What this answers to; equal for equal occasions.</param>
    /// <param name="Because">Why it is proposed, for the approver.</param>
    public sealed record Proposal(
        Actor By,
        ConnectionId Connection,
        string? ThreadId,
        ImmutableArray<MailParty> To,
        string Subject,
        string Text,
        string InReplyTo,
        string References,
        string Basis,
        string Because);

    public async Task<Outcome<ApprovalId>> RunAsync(TenantId tenant, Proposal proposal, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var id = ApprovalId.From(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{proposal.Connection}\n{proposal.Basis}")));
        if (await scope.FindAsync(ApprovalKinds.Approval, id.Text, cancellation) is not null)
        {
            return id;
        }

        var standing = await sender.StandingAsync(tenant, proposal.Connection, cancellation);
        if (!standing.Try(out var from, out var why))
        {
            return why;
        }

        if (!MimeWriter.IsOneLine(proposal.Subject) || !proposal.To.All(party => MimeWriter.IsOneLine(party.Name)))
        {
            return new ApprovalFailures.BadText();
        }

        var approval = await ComposeAsync(scope, id, proposal, from, cancellation);
        var outcome = await scope.CommitAsync(
            new AuditEntry(proposal.By, AuditAct.ApprovalProposed).On("approval", id.Text).On("connection", proposal.Connection.Text),
            [
                scope.Put(ApprovalKinds.Approval, approval, Condition.Absent),
                WorkflowOutbox.Start(
                    AwaitApproval.Name, AwaitApproval.InstanceOf(tenant, id), new AwaitApproval.Input(tenant, id), $"await.{id}"),
            ],
            cancellation);

        // Losing the write means that the same was proposed at the same time: there is one, and that is what counts.
        return outcome is CommitOutcome.Committed or CommitOutcome.Lost ? id : throw new InvalidOperationException();
    }

    private async Task<Approval> ComposeAsync(
        TenantScope scope, ApprovalId id, Proposal proposal, SenderStanding from, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var mail = new OutgoingMail(
            new MailParty(from.Mailbox, ""),
            proposal.To,
            Cc: [],
            proposal.Subject,
            proposal.Text,
            options.MessageIdOf(id, 1),
            MessageIds.Clean(proposal.InReplyTo),
            MessageIds.Chain(proposal.References, proposal.InReplyTo),
            now);
        var blank = new Approval(
            id,
            proposal.Connection,
            proposal.ThreadId,
            ApprovalState.Waiting,
            Revision: 1,
            mail,
            Mime: [],
            MimeSha256: [],
            Digest: default,
            Gates: [],
            proposal.By,
            now,
            now + Approval.Lifetime,
            proposal.Because);
        var facts = await gather.RunAsync(scope, blank, mail, approver: null, cancellation);
        return Approval.Revise(blank, mail, SixGates.Evaluate(facts));
    }
}
