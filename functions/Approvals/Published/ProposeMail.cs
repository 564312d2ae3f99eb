using System.Collections.Immutable;
using System.Text;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals.Published;

/// <summary>
/// Puts a mail before the practice's people. It leaves only if one of them approves exactly it. Proposing the same
/// basis again gives the approval that is there, in whatever state it is.
/// </summary>
internal sealed class ProposeMail(
    TenantScopes scopes, IMailSender sender, PutUp putUp, ApprovalOptions options, TimeProvider time)
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
        string Because)
    {
        /// <summary>From which address; null for the mailbox's own. Any but a verified one of it is refused by the gates.</summary>
        public EmailAddress? From { get; init; }

        public ImmutableArray<MailParty> Cc { get; init; } = [];

        /// <summary>At most ten, 3 MB each and 10 MB in all; the gates look at their names and kinds.</summary>
        public ImmutableArray<NewAttachment> Attachments { get; init; } = [];
    }

    public async Task<Outcome<ApprovalId>> RunAsync(TenantId tenant, Proposal proposal, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var id = PutUp.IdOf(tenant, proposal.Connection, proposal.Basis);
        if (await scope.FindAsync(ApprovalKinds.Approval, id.Text, cancellation) is not null)
        {
            return id;
        }

        var standing = await sender.StandingAsync(tenant, proposal.Connection, cancellation);
        if (!standing.Try(out var from, out var why))
        {
            return why;
        }

        if (!MimeWriter.IsOneLine(proposal.Subject)
            || !proposal.To.Concat(proposal.Cc).All(static party => MimeWriter.IsOneLine(party.Name)))
        {
            return new ApprovalFailures.BadText();
        }

        if (!CanBeKept(proposal.Attachments))
        {
            return new ApprovalFailures.BadAttachment();
        }

        var attachments = ImmutableArray.CreateBuilder<OutgoingAttachment>();
        foreach (var attachment in proposal.Attachments)
        {
            attachments.Add(await AttachmentShelf.KeepAsync(scope, id, attachment, cancellation));
        }

        var mail = new OutgoingMail(
            new MailParty(proposal.From ?? from.Mailbox, ""),
            proposal.To,
            proposal.Cc,
            proposal.Subject,
            proposal.Text,
            options.MessageIdOf(id, 1),
            MessageIds.Clean(proposal.InReplyTo),
            MessageIds.Chain(proposal.References, proposal.InReplyTo),
            time.GetUtcNow())
        {
            Attachments = attachments.ToImmutable(),
        };
        var origin = new Origin(proposal.By, proposal.Connection, proposal.ThreadId, proposal.Because);
        return await putUp.RunAsync(scope, id, origin, mail, cancellation);
    }

    // What is too much to keep, or cannot be written into a header, is not even shown.
    private static bool CanBeKept(ImmutableArray<NewAttachment> attachments) =>
        attachments.Length <= AttachmentRules.Most
        && attachments.All(static one => one.Bytes.Length is > 0 and <= AttachmentRules.LargestOne
            && MimeWriter.IsOneLine(one.Name) && MimeWriter.IsOneLine(one.MediaType) && Ascii.IsValid(one.MediaType))
        && attachments.Sum(static one => (long)one.Bytes.Length) <= AttachmentRules.LargestAll;
}

/// <param name="Name">As the recipient sees it.</param>
/// <param name="MediaType">Type and subtype: <c>application/pdf</c>.</param>
internal sealed record NewAttachment(string Name, string MediaType, ReadOnlyMemory<byte> Bytes);
