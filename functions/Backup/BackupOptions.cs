namespace PracticPro.Backup;

/// <summary>Section <c>Backup</c>: where copies of the embedded store go, and how long they are kept.</summary>
internal sealed record BackupOptions
{
    /// <summary>Folder for the backup, on another disk than the data. Default: none, and then nothing is backed up.</summary>
    public string? Folder { get; init; }

    /// <summary>Days back that can be restored to: 7 or 30, by the practice's plan. Default 7.</summary>
    public int Days { get; init; } = 7;

    /// <summary>Seconds between two rounds of copying, which is what a lost disk costs at most. Default 5.</summary>
    public int EverySeconds { get; init; } = 5;

    /// <summary>Hours between two whole copies of a file. Default 24. Fewer make a restore shorter and the backup larger.</summary>
    public int SnapshotHours { get; init; } = 24;

    /// <summary>
    /// MiB of a log nobody could copy, from which it is emptied all the same: the store goes on, and the backup has a gap
    /// that it says. Default 1,024.
    /// </summary>
    public int LargestLogMiB { get; init; } = 1024;

    public bool IsOn => !string.IsNullOrWhiteSpace(Folder);

    public TimeSpan Window => TimeSpan.FromDays(Days);

    public TimeSpan Every => TimeSpan.FromSeconds(EverySeconds);

    public TimeSpan SnapshotEvery => TimeSpan.FromHours(SnapshotHours);

    public IEnumerable<string> Errors()
    {
        if (Days is not (7 or 30))
        {
            yield return "Backup:Days must be 7 or 30.";
        }

        if (EverySeconds is < 1 or > 3600)
        {
            yield return "Backup:EverySeconds must be 1 to 3600.";
        }

        if (SnapshotHours is < 1 or > 168)
        {
            yield return "Backup:SnapshotHours must be 1 to 168.";
        }

        if (LargestLogMiB is < 16 or > 65536)
        {
            yield return "Backup:LargestLogMiB must be 16 to 65536.";
        }
    }
}
