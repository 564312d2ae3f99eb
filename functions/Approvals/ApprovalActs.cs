using PracticPro.Audit;

namespace PracticPro.Approvals;

/// <summary>What the log says of an action on its way: of a mail, that it is sent; of anything else, that it is written.</summary>
internal static class ApprovalActs
{
    public static AuditAct Released(Approval approval) => IsMail(approval) ? AuditAct.MailSendReleased : AuditAct.WriteReleased;

    public static AuditAct Attempted(Approval approval) => IsMail(approval) ? AuditAct.MailSendAttempted : AuditAct.WriteAttempted;

    public static AuditAct Confirmed(Approval approval) => IsMail(approval) ? AuditAct.MailSent : AuditAct.WriteDone;

    public static AuditAct Lost(Approval approval) => IsMail(approval) ? AuditAct.MailSendUnknown : AuditAct.WriteUnknown;

    public static AuditAct GivenUp(Approval approval) => IsMail(approval) ? AuditAct.MailSendFailed : AuditAct.WriteFailed;

    private static bool IsMail(Approval approval) => approval.Action is OutgoingMail;
}
