using Microsoft.Data.Sqlite;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// One connection to one file, with its prepared statements. Used by one thread at a time: the writer's session by
/// the write lane, a reader's by whoever rents it.
/// </summary>
internal sealed class Session : IDisposable
{
    // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE: https://sqlite.org/c3ref/c_dbconfig_defensive.html
    private const int NoCheckpointOnClose = 1006;

    // SQLITE_DBCONFIG_ENABLE_QPSG. Without it a statement with a bound LIMIT is planned anew by what is bound, each time.
    private const int PlanOnce = 1007;

    // SQLITE_DBSTATUS_CACHE_WRITE: https://sqlite.org/c3ref/c_dbstatus_options.html
    private const int CacheWrites = 9;

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, Statement> statements = new(StringComparer.Ordinal);

    private Session(SqliteConnection connection) => this.connection = connection;

    /// <summary>The number of the row that was inserted last. To ask afterwards costs less than a RETURNING, which collects rows first.</summary>
    public long LastInserted => SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle!);

    /// <summary>How many rows the last insert, update or delete was about.</summary>
    public int Changed => SQLitePCL.raw.sqlite3_changes(connection.Handle!);

    /// <summary>Pages this session wrote since it was asked last; what is moved from the log into the file is not counted.</summary>
    public int TakePagesWritten()
    {
        SqliteException.ThrowExceptionForRC(
            SQLitePCL.raw.sqlite3_db_status(connection.Handle!, CacheWrites, out var pages, out _, 1), connection.Handle);
        return pages;
    }

    /// <summary>Opens an existing file. <paramref name="settings"/> are pragmas, run in order.</summary>
    /// <param name="keepLog">Closing the file's last session leaves the log as it is.</param>
    public static Session Open(string path, string settings, bool keepLog = false)
    {
        // Pooling would keep files open, and locked, after they are closed here.
        var address = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        var connection = new SqliteConnection(address.ConnectionString);
        try
        {
            connection.Open();
            var session = new Session(connection);
            session.Configure(PlanOnce);
            if (keepLog)
            {
                session.Configure(NoCheckpointOnClose);
            }

            session.RunScript(settings);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The statement for this text, ready to be bound. Dispose it (or run it) before the next use.</summary>
    public Statement Prepare(string text)
    {
        if (!statements.TryGetValue(text, out var statement))
        {
            statement = new Statement(connection.Handle!, text);
            statements.Add(text, statement);
        }

        return statement;
    }

    public long Number(string text)
    {
        using var statement = Prepare(text);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>Runs statements that are needed once, such as the layout of a new file.</summary>
    public void RunScript(string script)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every script is a constant of this folder.
        command.CommandText = script;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Gives back what is begun. SQLite has done so by itself after some failures; then there is nothing to do.
    /// </summary>
    public void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle!) == 0)
        {
            Prepare("ROLLBACK").Run();
        }
    }

    public void Dispose()
    {
        // SQLite keeps a connection half open while a statement of it lives.
        foreach (var statement in statements.Values)
        {
            statement.End();
        }

        connection.Dispose();
    }

    private void Configure(int setting) => SqliteException.ThrowExceptionForRC(
        SQLitePCL.raw.sqlite3_db_config(connection.Handle!, setting, 1, out _), connection.Handle);
}
