using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>An approval in a list.</summary>
/// <param name="WorstVerdict">Of the five gates a machine can judge; the sixth is the person who reads this.</param>
internal sealed record ApprovalRow(
    ApprovalId Id,
    ConnectionId Connection,
    ApprovalState State,
    int Revision,
    string Digest,
    ImmutableArray<MailParty> To,
    string Subject,
    string Because,
    DateTimeOffset ProposedAt,
    DateTimeOffset ExpiresAt,
    Verdict WorstVerdict)
{
    public static ApprovalRow Of(Approval approval) => new(
        approval.Id,
        approval.Connection,
        approval.State,
        approval.Revision,
        approval.Digest.Hex,
        approval.Mail.To,
        approval.Mail.Subject,
        approval.Because,
        approval.ProposedAt,
        approval.ExpiresAt,
        ApprovalWords.WorstVerdict(approval.Gates));
}

/// <summary>One approval, whole: exactly what would leave, and how it stands.</summary>
/// <param name="Mime">The exact bytes; they are ASCII, so the text is them.</param>
internal sealed record ApprovalAnswer(
    ApprovalId Id,
    ConnectionId Connection,
    string? ThreadId,
    ApprovalState State,
    int Revision,
    string Digest,
    MailParty From,
    ImmutableArray<MailParty> To,
    ImmutableArray<MailParty> Cc,
    string Subject,
    string Text,
    string MessageId,
    string InReplyTo,
    string References,
    DateTimeOffset Date,
    string Mime,
    ImmutableArray<ApprovalAnswer.Gate> Gates,
    string Because,
    string ProposedBy,
    DateTimeOffset ProposedAt,
    DateTimeOffset ExpiresAt,
    ApprovalAnswer.Decided? Decision,
    string? VoidedBecause,
    ApprovalAnswer.Sending? Progress)
{
    public static ApprovalAnswer Of(Approval approval) => new(
        approval.Id,
        approval.Connection,
        approval.ThreadId,
        approval.State,
        approval.Revision,
        approval.Digest.Hex,
        approval.Mail.From,
        approval.Mail.To,
        approval.Mail.Cc,
        approval.Mail.Subject,
        approval.Mail.Text,
        approval.Mail.MessageId,
        approval.Mail.InReplyTo,
        approval.Mail.References,
        approval.Mail.Date,
        Encoding.ASCII.GetString(approval.Mime),
        [.. approval.Gates.Select(gate => new Gate(gate.Gate, gate.Verdict, gate.Reasons))],
        approval.Because,
        approval.ProposedBy.Label,
        approval.ProposedAt,
        approval.ExpiresAt,
        Decided.Of(approval.Decision),
        approval.VoidedBecause,
        Sending.Of(approval.Progress));

    internal sealed record Gate(
        [property: JsonPropertyName("gate")] GateName Name, Verdict Verdict, ImmutableArray<GateReason> Reasons);

    internal sealed record Decided(
        PersonId By, DateTimeOffset At, string Digest, DateTimeOffset? SendAfter, string? Reason)
    {
        public static Decided? Of(Decision? decision) => decision is null
            ? null
            : new(decision.By, decision.At, decision.Digest.Hex, decision.SendAfter, decision.Reason);
    }

    internal sealed record Sending(
        DateTimeOffset ReleasedAt,
        string? DraftId,
        DateTimeOffset? AttemptedAt,
        string? SentId,
        DateTimeOffset? EndedAt,
        string? FailureCode)
    {
        public static Sending? Of(SendProgress? progress) => progress is null
            ? null
            : new(
                progress.ReleasedAt,
                progress.DraftId,
                progress.AttemptedAt,
                progress.SentId,
                progress.EndedAt,
                progress.FailureCode);
    }
}
