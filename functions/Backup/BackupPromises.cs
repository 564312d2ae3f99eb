using PracticPro.Kernel;

namespace PracticPro.Backup;

/// <summary>What customers were told about backups, as far as this room keeps it.</summary>
internal static class BackupPromises
{
    public static readonly Promise PointInTime = new(
        "OPS-1",
        "Backups are automatic and encrypted; a practice can be restored to any moment of the last 7 or 30 days, by its plan.",
        LegalSource.Gdpr32,
        typeof(PieceFormat));
}
