using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// The open database: <c>hub.db</c> in write-ahead-log mode with a sync at every commit, guarded by an exclusive lock
/// on <c>hub.lock</c> that the operating system releases with the process. Without a folder: the same in memory.
/// </summary>
internal sealed class HubFile : IDisposable
{
    // How each system says that a lock is held: EWOULDBLOCK twice, ERROR_SHARING_VIOLATION.
    private const int Linux = 11;
    private const int MacOs = 35;
    private const int Windows = unchecked((int)0x80070020);

    // SQLITE_DBCONFIG_ENABLE_QPSG (https://sqlite.org/c3ref/c_dbconfig_defensive.html). Without it a statement with a bound
    // LIMIT is planned anew by what is bound, each time.
    private const int PlanOnce = 1007;

    private readonly SqliteConnection connection;
    private readonly FileStream? ownership;
    private readonly List<Statement> statements = [];
    private readonly Statement begin;
    private readonly Statement commit;

    private HubFile(SqliteConnection connection, FileStream? ownership)
    {
        this.connection = connection;
        this.ownership = ownership;
        connection.Open();
        Handle = connection.Handle ?? throw new InvalidOperationException("The database is not open.");
        Prepare();
        begin = Make("BEGIN");
        commit = Make("COMMIT");
    }

    public sqlite3 Handle { get; }

    /// <summary>
    /// For tests only: runs before every write and may throw, as a crash between two writes would look.
    /// </summary>
    public Action? BeforeWrite { get; set; }

    /// <exception cref="HubInUseException">Somebody else has the folder open.</exception>
    public static HubFile Open(string? folder)
    {
        if (folder is null)
        {
            return new HubFile(new SqliteConnection("Data Source=:memory:;Pooling=False"), null);
        }

        Directory.CreateDirectory(folder);
        var ownership = Own(Path.Combine(folder, "hub.lock"));
        try
        {
            var source = new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(folder, "hub.db"),
                Pooling = false,
            };
            return new HubFile(new SqliteConnection(source.ConnectionString), ownership);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    public Statement Make(string sql)
    {
        var statement = new Statement(this, sql);
        statements.Add(statement);
        return statement;
    }

    public void Begin() => begin.Run();

    /// <summary>Returns when everything since <see cref="Begin"/> is on disk.</summary>
    public void Commit()
    {
        BeforeWrite?.Invoke();
        commit.Run();
    }

    public static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errstr(code).utf8_to_string(), code);
        }
    }

    public void Dispose()
    {
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        connection.Dispose();
        ownership?.Dispose();
    }

    private static FileStream Own(string path)
    {
        try
        {
            // An advisory lock on Unix (flock), a sharing mode on Windows; both end with the process, however it ends.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (taken.HResult is Linux or MacOs or Windows)
        {
            throw new HubInUseException();
        }
    }

    private void Prepare()
    {
        Check(raw.sqlite3_db_config(Handle, PlanOnce, 1, out _));
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("PRAGMA wal_autocheckpoint=4000");
        Execute("PRAGMA cache_size=-65536");
        using var version = new Statement(this, "PRAGMA user_version");
        version.Step();
        var found = version.Long(0);
        version.Reset();
        if (found == 0)
        {
            Execute($"BEGIN; {HubSchema.Create} PRAGMA user_version={HubSchema.Version}; COMMIT;");
        }
        else if (found == 1)
        {
            Execute($"BEGIN; {HubSchema.FromOne} PRAGMA user_version={HubSchema.Version}; COMMIT;");
        }
        else if (found != HubSchema.Version)
        {
            throw new InvalidOperationException("The task hub was written by a newer version of the program.");
        }
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        // Fixed texts of this file and the schema; nothing from outside.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
