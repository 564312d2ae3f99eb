using PracticPro.Kernel;

namespace PracticPro.Backup;

/// <summary>
/// The backup is not what was written, so nothing is restored from it. Says what is wrong and, apart from the message,
/// with which piece: its name holds a tenant's id, which belongs on the operator's screen and in no log.
/// </summary>
internal sealed class BackupDamagedException(string finding, string piece)
    : Exception($"The backup is damaged: {finding}.")
{
    public string Finding { get; } = finding;

    public string Piece { get; } = piece;
}

/// <summary>Why a backup that is whole does not restore to the wanted moment.</summary>
internal static class BackupFailures
{
    internal sealed record NoBackup() : Failure.NotFound("no-backup", "There is no backup in this folder.");

    internal sealed record NotEmpty() : Failure.Conflict(
        "restore-target-not-empty", "The folder to restore into is not empty. Name one that is not there yet.");

    internal sealed record BeforeWindow() : Failure.Refused(
        "before-backup-window", "The moment is before what this backup still holds.");

    internal sealed record NotCovered() : Failure.Refused(
        "not-covered-yet", "The moment is later than what was backed up. Name an earlier one, or none for the newest.");

    internal sealed record InGap() : Failure.Refused(
        "in-backup-gap", "The backup has a gap at the moment: copying was not possible then. Name a moment before or after it.");

    internal sealed record LedgerDiffers() : Failure.Refused(
        "erasure-ledger-differs", "The erasures in the given file do not go on from those in the backup. It belongs to another store.");

    internal sealed record LedgerUnreadable() : Failure.Invalid(
        "erasure-ledger-unreadable", "The file of erasures cannot be read.");

    internal sealed record LedgerWithoutEnd() : Failure.Invalid(
        "erasure-ledger-without-end",
        "The file of erasures does not say of which account it is: it was cut short, or is of a data folder. Write it again with backup erasures.");

    internal sealed record LedgerOfAnotherAccount() : Failure.Refused(
        "erasure-ledger-of-another-account", "The file of erasures is not of the account that this one is a copy of.");

    internal sealed record LedgerTooOld() : Failure.Refused(
        "erasure-ledger-too-old",
        "The file of erasures was not written within the last day, so it may lack erasures. Write it again with backup erasures.");

    internal sealed record LedgerOfTheCopy() : Failure.Refused(
        "erasure-ledger-of-the-copy",
        "The file of erasures was read from this copy itself, which does not know what was erased since. If the account it is a copy of is lost and this is the newest copy there is, say --newest.");
}
