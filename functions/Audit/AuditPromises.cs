using PracticPro.Kernel;

namespace PracticPro.Audit;

/// <summary>What customers were told about the audit log, as far as this room keeps it.</summary>
internal static class AuditPromises
{
    public static readonly Promise AppendOnly = new(
        "AUD-1",
        "Nothing in the audit log can be changed or taken out unseen: whoever holds the log can check it alone.",
        LegalSource.SecurityPages,
        typeof(TakeCheckpoint));

    public static readonly Promise EverythingSignificant = new(
        "AUD-2",
        "What matters is in the audit log, written together with the thing itself or not done at all.",
        LegalSource.HipaaAudit,
        typeof(AuditTrail));

    public static readonly Promise NoClinicalText = new(
        "AUD-3",
        "Clinical text never stands in the audit log.",
        LegalSource.SecurityPages,
        typeof(AuditTrail));

    public static readonly Promise OwnersCopy = new(
        "AUD-4",
        "The owner can read and export the whole audit log at any time.",
        LegalSource.SecurityPages,
        typeof(ExportAuditLog));

    public static IReadOnlyList<Promise> All => [AppendOnly, EverythingSignificant, NoClinicalText, OwnersCopy];
}
