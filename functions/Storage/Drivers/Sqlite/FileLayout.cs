namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// What a kind of file looks like inside. Bytes 60–63 (user_version) and 68–71 (application_id) of its header tell it.
/// </summary>
/// <param name="Mark">SQLite's application id; a file without it is not ours.</param>
/// <param name="Version">Layout this program writes and reads. A newer one is refused.</param>
/// <param name="Script">Makes the tables of a new file.</param>
internal sealed record FileLayout(int Mark, int Version, string Script)
{
    /// <summary>
    /// The mark of a file that was restored and may not be read yet: the last letter of <see cref="Mark"/> in upper case.
    /// </summary>
    public int RestoredMark => Mark ^ 0x20;

    /// <summary>"PrPt": one tenant's file.</summary>
    public static readonly FileLayout Tenant = new(0x50725074, 1, TenantTables);

    /// <summary>"PrPf": the fleet's file.</summary>
    public static readonly FileLayout Fleet = new(0x50725066, 1, FleetTables);

    // Every file says whose it is, so that one that was copied over another's is found at open.
    private const string OwnerTable = """
        CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL) STRICT;
        """;

    // index_values repeats the document's rows of document_index (IndexBytes draws it), so that a document is read
    // in one row, and its old index rows are named without a search. Values are BLOBs: they compare by bytes.
    private const string TenantTables = OwnerTable + """
        CREATE TABLE document (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            version TEXT NOT NULL,
            index_values BLOB NOT NULL,
            body BLOB NOT NULL,
            UNIQUE (kind, id)) STRICT;
        CREATE TABLE document_index (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            value BLOB NOT NULL,
            id TEXT NOT NULL,
            document INTEGER NOT NULL,
            PRIMARY KEY (kind, name, value, id)) STRICT, WITHOUT ROWID;
        CREATE TABLE log_entry (
            log TEXT NOT NULL,
            position INTEGER NOT NULL,
            entry BLOB NOT NULL,
            PRIMARY KEY (log, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE queue_message (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            queue TEXT NOT NULL,
            poison INTEGER NOT NULL,
            visible_at INTEGER NOT NULL,
            set_at INTEGER NOT NULL,
            deliveries INTEGER NOT NULL,
            receipt TEXT UNIQUE,
            body BLOB NOT NULL) STRICT;
        CREATE INDEX queue_message_ready ON queue_message (queue, poison, visible_at, number);
        CREATE INDEX queue_message_spent ON queue_message (queue, visible_at) WHERE poison = 0 AND deliveries >= 5;
        CREATE TABLE queue_seen (
            queue TEXT NOT NULL,
            key TEXT NOT NULL,
            seen_at INTEGER NOT NULL,
            PRIMARY KEY (queue, key)) STRICT, WITHOUT ROWID;
        CREATE TABLE lease (
            name TEXT PRIMARY KEY,
            fence INTEGER NOT NULL,
            holder TEXT NOT NULL,
            granted_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    private const string FleetTables = OwnerTable + """
        CREATE TABLE entry (
            directory TEXT NOT NULL,
            keyed_hash TEXT NOT NULL,
            tenant TEXT NOT NULL,
            reference TEXT NOT NULL,
            PRIMARY KEY (directory, keyed_hash)) STRICT, WITHOUT ROWID;
        """;
}
