using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>What customers were told about what leaves, as far as this room keeps it.</summary>
internal static class ApprovalPromises
{
    public static readonly Promise NothingUnapproved = new(
        "APR-1",
        "Nothing leaves without a person's explicit approval.",
        LegalSource.SecurityPages,
        typeof(Egress.SendPermit));

    public static readonly Promise SixGatesPass = new(
        "APR-2",
        "Six gates are asked when an action is proposed and again just before it leaves; an edit after approval voids it.",
        LegalSource.SecurityPages,
        typeof(SixGates));

    public static readonly Promise SentOnce = new(
        "APR-3",
        "What is approved is sent exactly once; where that cannot be known we say so, and never send again by ourselves.",
        LegalSource.SecurityPages,
        typeof(SendApproved));

    public static readonly Promise DecisionsCanBeTakenBack = new(
        "APR-4",
        "Approvals expire, can be rejected with a reason, edited, and undone for a short while.",
        LegalSource.SecurityPages,
        typeof(DecideApproval),
        Limit: Approval.Lifetime);
}
