namespace PracticPro.Backup;

/// <summary>
/// How the backup stands, for the log, a health check and a person: up to when everything is covered, and what is in the
/// way. Written by one, read by many.
/// </summary>
internal sealed class BackupStatus
{
    private volatile BackupStanding standing = new(IsOn: false, CoveredUntil: null, Streams: 0, Trouble: null, Unreadable: 0);

    public BackupStanding Now => standing;

    public void Set(BackupStanding now) => standing = now;
}

/// <param name="CoveredUntil">Every commit before this is in the backup; null before the first whole round.</param>
/// <param name="Streams">Files that are backed up.</param>
/// <param name="Trouble">A fixed phrase, or null when all is well.</param>
/// <param name="Unreadable">Tenants whose key is gone: nothing new of theirs can be sealed, nothing old opened.</param>
internal sealed record BackupStanding(
    bool IsOn, DateTimeOffset? CoveredUntil, int Streams, string? Trouble, int Unreadable)
{
    public TimeSpan? Lag(DateTimeOffset now) => CoveredUntil is { } until ? now - until : null;
}
