using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// One open SQLite file: a lane for its writer, and a few sessions for readers, which never wait for the writer.
/// It is made on first write, whole or not at all (under another name, then renamed), so that an empty or headless
/// file is always damage and never a fresh start.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    // A step of a sync asks for several things at once; opening a session costs more than many reads.
    private const int IdleReaders = 8;
    private const string ReaderSettings = """
        PRAGMA busy_timeout = 5000;
        PRAGMA query_only = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -512;
        """;

    // Readers that are idle. One that is in use is in nobody's list; when it failed, it does not come back.
    private readonly ConcurrentStack<Session> readers = new();
    private readonly Lock opening = new();
    private readonly EmbeddedStorageOptions options;
    private readonly FileLayout layout;
    private readonly string path;
    private readonly string owner;
    private readonly WriteLane lane;
    private readonly KeptLog? kept;

    // Set once the file was seen to be whole, known and this owner's. It cannot change while the folder is held.
    private volatile bool isChecked;

    public SqliteFile(
        string path, FileLayout layout, string owner, WriteCrew crew, EmbeddedStorageOptions options, KeptLog? kept)
    {
        (this.path, this.layout, this.owner, this.options, this.kept) = (path, layout, owner, options, kept);
        lane = new WriteLane(
            crew,
            OpenWriter,
            writer => options.BeforeCommit?.Invoke(path, writer.Session),
            afterCommit: kept is null ? static _ => { } : kept.Committed,
            whenTold: kept is null ? MoveLog : static _ => { });
    }

    public string Path => path;

    /// <summary>The log, when it is kept to be copied.</summary>
    public KeptLog? Log => kept;

    /// <summary>Whether anything was ever stored in it.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Runs work on the write thread while no transaction is open.</summary>
    public Task<T> BetweenAsync<T>(Func<Writer, T> work, CancellationToken cancellation) =>
        lane.AddBetweenAsync(work, cancellation);

    /// <summary>
    /// Runs the work in a transaction of its own or shared with neighbours; returns once it is on the disk.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<Writer, T> work, CancellationToken cancellation) =>
        lane.AddAsync(work, cancellation);

    /// <summary>As <see cref="WriteAsync"/>, for work that has nothing to do when nothing was ever stored.</summary>
    public Task<T> WriteIfThereAsync<T>(T absent, Func<Writer, T> work, CancellationToken cancellation) =>
        IsThere() ? WriteAsync(work, cancellation) : Task.FromResult(absent);

    /// <summary>Reads what is committed; <paramref name="absent"/> when nothing was ever stored.</summary>
    public T Read<T>(T absent, Func<Session, T> work) => SqliteTrouble.Around(() =>
    {
        if (!IsThere())
        {
            return absent;
        }

        Check();
        var session = readers.TryPop(out var idle) ? idle : Session.Open(path, ReaderSettings, kept is not null);
        T result;
        try
        {
            result = work(session);
        }
        catch
        {
            // A statement may stand in the middle of its rows. A new session costs less than finding out.
            session.Dispose();
            throw;
        }

        GiveBack(session);
        return result;
    });

    /// <summary>Only when nobody uses it any more. The write-ahead log is emptied and removed.</summary>
    public void Dispose()
    {
        foreach (var reader in readers)
        {
            reader.Dispose();
        }

        // Closing the last connection moves the log into the file and deletes it, unless it is kept.
        lane.Dispose();
        kept?.Dispose();
    }

    private void GiveBack(Session session)
    {
        if (readers.Count < IdleReaders)
        {
            readers.Push(session);
        }
        else
        {
            session.Dispose();
        }
    }

    private bool IsThere()
    {
        if (isChecked || File.Exists(path))
        {
            return true;
        }

        // SQLite would delete a log without its file, and the last commits with it.
        return File.Exists(path + "-wal")
            ? throw new StorageCorruptException("its main file is gone and its log is still there")
            : false;
    }

    // Runs on the lane's thread only, so that there is one writer; the lock is for readers that check meanwhile.
    private Writer OpenWriter()
    {
        lock (opening)
        {
            if (!IsThere())
            {
                NewSqliteFile.Make(path, layout, owner);
                if (kept is not null)
                {
                    // An emptied log from the start: the file itself is where its history begins.
                    EmptiedMark.Write(path, LogPosition.Made());
                }
            }
        }

        Check();
        if (kept is null)
        {
            return Writer.Open(path);
        }

        var writer = Writer.OpenKeepingLog(path);
        try
        {
            kept.Opened();
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private void Check()
    {
        if (isChecked)
        {
            return;
        }

        lock (opening)
        {
            if (isChecked)
            {
                return;
            }

            if (kept is null)
            {
                // This program empties the log by itself: a copy that was made up to here does not go on from here.
                EmptiedMark.Remove(path);
            }

            using var session = Session.Open(path, ReaderSettings, kept is not null);
            NewSqliteFile.Check(session, layout, owner, options.OpenRestored);
            isChecked = true;
        }
    }

    private void MoveLog(Writer writer)
    {
        try
        {
            writer.MoveLongLog();

            // Looking at the length costs a microsecond beside a sync of hundreds.
            if (new FileInfo(path + "-wal") is { Exists: true } log && log.Length >= options.LargeLogBytes)
            {
                _ = writer.Session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        }
        catch (SqliteException)
        {
            // What was written is safe in the log. Trouble that lasts is met, and told, by the next write.
        }
    }
}
