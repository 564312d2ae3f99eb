using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// One prepared statement, used again and again by its <see cref="Session"/>. Values are bound by place, from 1.
/// Disposing it ends this use (cursor closed, values dropped); the session finalises it for good.
/// Not for two threads at once.
/// </summary>
internal sealed class Statement : IDisposable
{
    // Names and ids fit; what is longer is taken from the heap.
    private const int StackBytes = 256;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt prepared;

    public Statement(sqlite3 database, string text)
    {
        this.database = database;
        Check(raw.sqlite3_prepare_v3(database, text, raw.SQLITE_PREPARE_PERSISTENT, out prepared));
    }

    public Statement With(int place, long value)
    {
        Check(raw.sqlite3_bind_int64(prepared, place, value));
        return this;
    }

    public Statement With(int place, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(prepared, place) : Bind(place, value));
        return this;
    }

    public Statement With(int place, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes no address for NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(prepared, place, 0)
            : raw.sqlite3_bind_blob(prepared, place, value));
        return this;
    }

    /// <summary>True when it stands on a row now, false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(prepared);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(code);
        }

        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs it to its end and ends this use.</summary>
    public void Run()
    {
        using (this)
        {
            while (Step())
            {
            }
        }
    }

    public long Number(int column) => raw.sqlite3_column_int64(prepared, column);

    public string Text(int column) => raw.sqlite3_column_text(prepared, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(prepared, column).ToArray();

    public void Dispose()
    {
        // The result of a reset repeats the failure of the step before it, which was thrown already.
        raw.sqlite3_reset(prepared);
        raw.sqlite3_clear_bindings(prepared);
    }

    internal void End() => prepared.Dispose();

    // SQLite keeps a copy of its own.
    private int Bind(int place, string value)
    {
        Span<byte> bytes = stackalloc byte[StackBytes];
        return raw.sqlite3_bind_text(
            prepared,
            place,
            StorageLimits.Utf8.TryGetBytes(value, bytes, out var length) ? bytes[..length] : StorageLimits.Utf8.GetBytes(value));
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, database);
}
