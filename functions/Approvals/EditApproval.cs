using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>
/// Changes what would be sent. The result is a new revision that nobody has approved: an edit voids an approval (APR-2).
/// </summary>
internal sealed class EditApproval(
    TenantScopes scopes, GatherGateFacts gather, ApprovalOptions options, TimeProvider time)
{
    private const int LongestSubject = 250;
    private const int LongestText = 100_000;

    public sealed record Edit(string? ShownDigest, IReadOnlyList<string>? To, string? Subject, string? Text);

    public async Task<Outcome<Approval>> RunAsync(
        SignedIn by, ApprovalId id, Edit edit, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var found = await ApprovalWrites.FindAsync(scope, id, ApprovalMove.Edit, edit.ShownDigest, time.GetUtcNow(), cancellation);
        if (!found.Try(out var stored, out var why))
        {
            return why;
        }

        var written = Write(stored.Value, edit);
        if (!written.Try(out var mail, out why))
        {
            return why;
        }

        var facts = await gather.RunAsync(scope, stored.Value, mail, approver: null, cancellation);
        var revised = Approval.Revise(stored.Value, mail, SixGates.Evaluate(facts));
        return await ApprovalWrites.MoveAsync(
            scope,
            stored,
            ApprovalMove.Edit,
            approval => revised with
            {
                Revision = approval.Revision + 1,
                VoidedBecause = approval.Decision is null ? approval.VoidedBecause : "edited",
            },
            ApprovalWrites.Entry(by.Actor, AuditAct.ApprovalEdited, stored.Value),
            cancellation);
    }

    private Outcome<OutgoingMail> Write(Approval approval, Edit edit)
    {
        if (string.IsNullOrWhiteSpace(edit.Text) || edit.Text.Length > LongestText
            || string.IsNullOrWhiteSpace(edit.Subject) || edit.Subject.Length > LongestSubject
            || !MimeWriter.IsOneLine(edit.Subject))
        {
            return new ApprovalFailures.BadText();
        }

        var recipients = ImmutableArray.CreateBuilder<MailParty>();
        foreach (var text in edit.To ?? [])
        {
            if (!EmailAddress.TryParse(text.Trim(), out var address))
            {
                return new ApprovalFailures.BadRecipient();
            }

            var known = approval.Mail.To.FirstOrDefault(party => party.Address == address);
            recipients.Add(known ?? new MailParty(address, ""));
        }

        return approval.Mail with
        {
            To = recipients.ToImmutable(),
            Subject = edit.Subject.Trim(),
            Text = edit.Text.ReplaceLineEndings("\n").TrimEnd(),
            MessageId = options.MessageIdOf(approval.Id, approval.Revision + 1),
            Date = time.GetUtcNow(),
        };
    }
}
