using SQLitePCL;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// One prepared statement, bound by position. The hub's writer runs some twenty of them for each orchestration, so
/// they go past the provider's command object, whose cost is about that of the statement itself.
/// Used by the hub's thread only. A read must be finished before the statement is used again.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly HubFile file;
    private readonly sqlite3_stmt statement;
    private readonly bool writes;
    private int bound;

    public Statement(HubFile file, string sql)
    {
        this.file = file;
        HubFile.Check(raw.sqlite3_prepare_v3(file.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
        writes = raw.sqlite3_stmt_readonly(statement) == 0;
    }

    public Statement Bind(long value)
    {
        HubFile.Check(raw.sqlite3_bind_int64(statement, ++bound, value));
        return this;
    }

    public Statement Bind(long? value) => value is { } some ? Bind(some) : BindNull();

    public Statement Bind(string? value)
    {
        if (value is null)
        {
            return BindNull();
        }

        HubFile.Check(raw.sqlite3_bind_text(statement, ++bound, value));
        return this;
    }

    public Statement Bind(byte[]? value)
    {
        if (value is null)
        {
            return BindNull();
        }

        HubFile.Check(raw.sqlite3_bind_blob(statement, ++bound, value));
        return this;
    }

    /// <summary>Runs a write and gives the number of rows it changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(file.Handle);
    }

    /// <summary>True when a row is there to be read; false ends the statement and makes it ready again.</summary>
    public bool Step()
    {
        if (writes)
        {
            file.BeforeWrite?.Invoke();
        }

        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        Reset();
        HubFile.Check(code == raw.SQLITE_DONE ? raw.SQLITE_OK : code);
        return false;
    }

    /// <summary>Ends a read early.</summary>
    public void Reset()
    {
        _ = raw.sqlite3_reset(statement);
        bound = 0;
    }

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public int Int(int column) => raw.sqlite3_column_int(statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public void Dispose() => statement.Dispose();

    private Statement BindNull()
    {
        HubFile.Check(raw.sqlite3_bind_null(statement, ++bound));
        return this;
    }
}
