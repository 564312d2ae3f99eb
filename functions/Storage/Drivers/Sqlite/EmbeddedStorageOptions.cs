using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>How the embedded store uses the machine.</summary>
internal sealed record EmbeddedStorageOptions
{
    /// <summary>
    /// Where everything is kept; made when it is not there. Default: <c>data</c> in the working folder.
    /// </summary>
    public string Folder { get; init; } = "data";

    /// <summary>
    /// Tenant files kept open, least recently used closed first. Files in use at the moment may exceed it.
    /// Default 64, at least 1.
    /// </summary>
    public int OpenTenants { get; init; } = 64;

    /// <summary>Threads that wait for the disk on behalf of all tenants. Default 6, at least 1.</summary>
    public int Writers { get; init; } = 6;

    /// <summary>
    /// Write-ahead log size, in bytes, from which it is emptied into its file at once. Default 64 MiB.
    /// </summary>
    public long LargeLogBytes { get; init; } = 64L << 20;

    /// <summary>Logs are kept until they are copied. Null: they are emptied as they grow.</summary>
    public LogKeeping? Keeping { get; init; }

    /// <summary>
    /// For the restore only: opens a folder and files whose erasures are not carried out again yet.
    /// </summary>
    public bool OpenRestored { get; init; }

    /// <summary>
    /// For tests only: runs on the write thread with the file's path and its writing session, when all of a
    /// transaction is written and nothing committed.
    /// </summary>
    public Action<string, Session>? BeforeCommit { get; init; }
}
