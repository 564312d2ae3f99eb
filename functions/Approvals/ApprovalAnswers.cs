using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>An approval in a list.</summary>
/// <param name="Kind">mail, event or task.</param>
/// <param name="To">Everybody it reaches.</param>
/// <param name="Subject">What it is called: a mail's subject, the title of an event or a task.</param>
/// <param name="WorstVerdict">Of the five gates a machine can judge; the sixth is the person who reads this.</param>
internal sealed record ApprovalRow(
    ApprovalId Id,
    string Kind,
    ConnectionId? Connection,
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
        ApprovalWords.Kind(approval.Action),
        approval.Connection,
        approval.State,
        approval.Revision,
        approval.Digest.Hex,
        approval.Action is OutgoingMail mail ? mail.To : [.. approval.Action.Recipients],
        approval.Action.Title,
        approval.Because,
        approval.ProposedAt,
        approval.ExpiresAt,
        ApprovalWords.WorstVerdict(approval.Gates));
}

/// <summary>One approval, whole: exactly what would leave, and how it stands. What another kind of action has is null.</summary>
/// <param name="Kind">mail, event or task.</param>
/// <param name="Mime">The exact bytes of a mail; they are ASCII, so the text is them. Null with attachments.</param>
/// <param name="Call">The exact call for an event, or for a task of a connected account.</param>
internal sealed record ApprovalAnswer(
    ApprovalId Id,
    string Kind,
    ConnectionId? Connection,
    string? ThreadId,
    ApprovalState State,
    int Revision,
    string Digest,
    MailParty? From,
    ImmutableArray<MailParty>? To,
    ImmutableArray<MailParty>? Cc,
    string? Subject,
    string? Text,
    string? MessageId,
    string? InReplyTo,
    string? References,
    DateTimeOffset? Date,
    ImmutableArray<OutgoingAttachment>? Attachments,
    string? Mime,
    OutgoingEvent? Event,
    OutgoingTask? Task,
    string? Call,
    ImmutableArray<ApprovalAnswer.Gate> Gates,
    string Because,
    string ProposedBy,
    DateTimeOffset ProposedAt,
    DateTimeOffset ExpiresAt,
    ApprovalAnswer.Decided? Decision,
    string? VoidedBecause,
    ApprovalAnswer.Sending? Progress)
{
    public static ApprovalAnswer Of(Approval approval)
    {
        var mail = approval.Action as OutgoingMail;
        return new(
            approval.Id,
            ApprovalWords.Kind(approval.Action),
            approval.Connection,
            approval.ThreadId,
            approval.State,
            approval.Revision,
            approval.Digest.Hex,
            mail?.From,
            mail?.To,
            mail?.Cc,
            mail?.Subject,
            mail?.Text,
            mail?.MessageId,
            mail?.InReplyTo,
            mail?.References,
            mail?.Date,
            mail?.Attachments,
            mail is not null && approval.Bytes is { } mime ? Encoding.ASCII.GetString(mime) : null,
            approval.Action as OutgoingEvent,
            approval.Action as OutgoingTask,
            approval.Write is { } write ? Encoding.UTF8.GetString(write.Bytes) : null,
            [.. approval.Gates.Select(gate => new Gate(gate.Gate, gate.Verdict, gate.Reasons))],
            approval.Because,
            approval.ProposedBy.Label,
            approval.ProposedAt,
            approval.ExpiresAt,
            Decided.Of(approval.Decision),
            approval.VoidedBecause,
            Sending.Of(approval.Progress));
    }

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
