using System.Globalization;
using System.Security.Cryptography;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>The one session that writes to a file, and what it keeps in memory between writes.</summary>
internal sealed class Writer(Session session) : IDisposable
{
    // FULL: a commit is synced, not only written. fullfsync: on macOS a plain sync stops at the drive's own memory.
    // secure_delete: freed pages are overwritten. temp_store: no content in temporary files outside the folder.
    // trusted_schema and cell_size_check: a damaged or doctored file is found out, not followed.
    // cache_size (-KiB): the pages that a large first reading goes back to are still there; less in use takes less.
    // wal_autocheckpoint (pages): the log is moved into the file by us, when those who wrote are told.
    // journal_size_limit (bytes): the log takes at most that at rest.
    private const string Settings = """
        PRAGMA busy_timeout = 5000;
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = ON;
        PRAGMA secure_delete = ON;
        PRAGMA foreign_keys = OFF;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA journal_size_limit = 16777216;
        PRAGMA cache_size = -8000;
        """;

    // 2 MiB. Who writes next waits until they are moved: of four times as many one push in a hundred waits 35 ms.
    private const int LongLog = 500;

    // Versions are {64 random bits of this opening}-{count}: never made twice, whatever was deleted, rolled back or
    // restored from a backup in between, and at no cost on the disk.
    private readonly string opening = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private long made;

    // Written to the log since all of it was in the file.
    private long pages;

    public Session Session { get; } = session;

    /// <summary>
    /// Latest time at which a message was hidden, or null when the file must be asked (milliseconds).
    /// </summary>
    public long? QueueClock { get; set; }

    /// <summary>When repeat marks were last swept, in milliseconds; null before the first time.</summary>
    public long? SweptAt { get; set; }

    public static Writer Open(string path) => new(Session.Open(path, Settings));

    /// <summary>One that leaves the log to whoever keeps it (<see cref="Shipping.KeptLog"/>).</summary>
    public static Writer OpenKeepingLog(string path) =>
        new(Session.Open(path, Settings, keepLog: true));

    public DocumentVersion NextVersion() =>
        new(string.Create(CultureInfo.InvariantCulture, $"{opening}-{++made}"));

    /// <summary>
    /// Moves a long log into the file. What a reader is still at stays in the log: then it is tried again after the next write.
    /// </summary>
    public void MoveLongLog()
    {
        pages += Session.TakePagesWritten();
        if (pages < LongLog)
        {
            return;
        }

        // Busy, pages in the log, pages moved.
        using var row = Session.Prepare("PRAGMA wal_checkpoint(PASSIVE)");
        if (row.Step() && row.Number(1) == row.Number(2))
        {
            pages = 0;
        }
    }

    /// <summary>Takes back what was begun, on disk and in memory.</summary>
    public void RollBack()
    {
        QueueClock = null;
        SweptAt = null;
        Session.RollBack();
    }

    public void Dispose() => Session.Dispose();
}
