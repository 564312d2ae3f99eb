using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>
/// Changes what would be sent. The result is a new revision that nobody has approved: an edit voids an approval (APR-2).
/// </summary>
internal sealed class EditApproval(
    TenantScopes scopes, ComposeAction compose, GatherGateFacts gather, ApprovalOptions options, TimeProvider time)
{
    private const int LongestSubject = 250;
    private const int LongestText = 100_000;

    /// <param name="To">Of a mail, like the subject and the text.</param>
    public sealed record Edit(string? ShownDigest, IReadOnlyList<string>? To, string? Subject, string? Text)
    {
        /// <summary>Of a mail: from which address; empty for the one it has.</summary>
        public string? From { get; init; }

        /// <summary>Of an event that is to be made or changed: what is to be different.</summary>
        public EventDraft? Event { get; init; }

        /// <summary>Of a task: as it is to be.</summary>
        public TaskContent? Task { get; init; }
    }

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
        if (!written.Try(out var action, out why))
        {
            return why;
        }

        var composed = await compose.RunAsync(scope, id, stored.Value.Connection, action, cancellation);
        if (!composed.Try(out var whole, out why))
        {
            return why;
        }

        var facts = await gather.RunAsync(scope, stored.Value, action, approver: null, cancellation);
        var revised = Approval.Revise(stored.Value, whole, SixGates.Evaluate(facts));
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

    private Outcome<OutgoingAction> Write(Approval approval, Edit edit) => approval.Action switch
    {
        OutgoingMail mail => Write(approval, mail, edit),
        OutgoingEvent { Order: EventOrder.Create create } made => EventDrafts.Write(edit.Event, create.Event).Then<OutgoingAction>(
            content => made with { Order = create with { Event = content, Mark = ApprovalMarks.Of(approval.Id, approval.Revision + 1) } }),
        OutgoingEvent { Order: EventOrder.Change change } changed => EventDrafts.Write(edit.Event, change.Event).Then<OutgoingAction>(
            content => changed with { Order = change with { Event = content } }),
        OutgoingTask task => TaskDrafts.Write(edit.Task).Then<OutgoingAction>(
            content => task with { Order = new TaskOrder(ApprovalMarks.Of(approval.Id, approval.Revision + 1), content) }),
        _ => new ApprovalFailures.CannotBeEdited(),
    };

    private Outcome<OutgoingAction> Write(Approval approval, OutgoingMail mail, Edit edit)
    {
        if (string.IsNullOrWhiteSpace(edit.Text) || edit.Text.Length > LongestText
            || string.IsNullOrWhiteSpace(edit.Subject) || edit.Subject.Length > LongestSubject
            || !MimeWriter.IsOneLine(edit.Subject))
        {
            return new ApprovalFailures.BadText();
        }

        var from = mail.From;
        if (!string.IsNullOrWhiteSpace(edit.From))
        {
            if (!EmailAddress.TryRead(edit.From, out var sender))
            {
                return new ApprovalFailures.BadSender();
            }

            from = new MailParty(sender, "");
        }

        var recipients = ImmutableArray.CreateBuilder<MailParty>();
        foreach (var text in edit.To ?? [])
        {
            if (!EmailAddress.TryParse(text.Trim(), out var address))
            {
                return new ApprovalFailures.BadRecipient();
            }

            var known = mail.To.FirstOrDefault(party => party.Address == address);
            recipients.Add(known ?? new MailParty(address, ""));
        }

        return mail with
        {
            From = from,
            To = recipients.ToImmutable(),
            Subject = edit.Subject.Trim(),
            Text = edit.Text.ReplaceLineEndings("\n").TrimEnd(),
            MessageId = options.MessageIdOf(approval.Id, approval.Revision + 1),
            Date = time.GetUtcNow(),
        };
    }
}
