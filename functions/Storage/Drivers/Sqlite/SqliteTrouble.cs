using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>What SQLite's result codes mean to a caller. Source: https://sqlite.org/rescode.html</summary>
internal static class SqliteTrouble
{
    /// <summary>The exception to hand out. One that is no known trouble is a bug and comes back as it is.</summary>
    public static Exception Explain(Exception exception) => exception is SqliteException trouble
        ? trouble.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => new StorageUnavailableException("the disk is full", trouble),
            raw.SQLITE_IOERR => new StorageUnavailableException("the disk answered with an error", trouble),
            raw.SQLITE_CANTOPEN => new StorageUnavailableException("a file cannot be opened", trouble),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
                new StorageUnavailableException("a file may not be written", trouble),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL =>
                new StorageUnavailableException("a file is locked by somebody else", trouble),
            raw.SQLITE_NOMEM => new StorageUnavailableException("there is no memory left", trouble),
            raw.SQLITE_CORRUPT => new StorageCorruptException("its inner order is broken", trouble),
            raw.SQLITE_NOTADB => new StorageCorruptException("it is not a database", trouble),
            _ => exception,
        }
        : exception is UnauthorizedAccessException or IOException
            ? new StorageUnavailableException("a file or folder cannot be made or opened", exception)
            : exception;

    /// <summary>Runs a piece of work, and lets out only what <see cref="Explain"/> makes of its exceptions.</summary>
    public static T Around<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (Explain(exception) is var told && !ReferenceEquals(told, exception))
        {
            throw told;
        }
    }
}
