using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>Every kind of record this room keeps, with its indexes.</summary>
internal static class ApprovalKinds
{
    public static readonly RecordKind<Approval> Approval = new RecordKind<Approval>(
        "approval", 2, Purpose.Records, static approval => approval.Id.Text,
        RecordIndex<Approval>.Readable(Approvals.Approval.ByState, static approval =>
            $"{Approvals.Approval.StatePrefix(approval.State)}{IndexText.Time(approval.ProposedAt)}"),
        RecordIndex<Approval>.Readable(Approvals.Approval.ByRelease, static approval =>
            approval.Progress is null ? null : IndexText.Time(approval.Progress.ReleasedAt)))
        .Reads(1, Approvals.Approval.FromSchema1);

    public static readonly RecordKind<AttachmentPiece> Attachment = new(
        "approval-attachment", 1, Purpose.Records, static piece => AttachmentPiece.IdOf(piece.Approval, piece.Sha256, piece.At));

    public static readonly RecordKind<OutboundPolicy> Policy = new(
        "outbound-policy", 1, Purpose.Records, static _ => OutboundPolicy.Id);
}
