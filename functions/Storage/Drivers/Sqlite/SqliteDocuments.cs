using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>One tenant's documents: reads here, writes in <see cref="CarryOutBatch"/>.</summary>
internal sealed class SqliteDocuments(TenantFile file) : IDocuments
{
    private const string Columns = "d.id, d.version, d.index_values, d.body";
    private const string FindText = $"SELECT {Columns} FROM document AS d WHERE d.kind = ?1 AND d.id = ?2";

    // CROSS JOIN: the index is walked, and each document fetched by its number, never the other way round.
    private const string From = $"""
        SELECT {Columns} FROM document_index AS i CROSS JOIN document AS d ON d.number = i.document
        WHERE i.kind = ?1 AND i.name = ?2
        """;

    private const string UpText = $"""
        {From} AND (i.value, i.id) > (?3, ?4) AND i.value < ?5 ORDER BY i.value, i.id LIMIT ?6
        """;

    private const string DownText = $"""
        {From} AND (i.value, i.id) < (?3, ?4) AND i.value >= ?5 ORDER BY i.value DESC, i.id DESC LIMIT ?6
        """;

    public TenantId Tenant => file.Tenant;

    public ValueTask<StoredDocument?> FindAsync(DocumentKey key, CancellationToken cancellation)
    {
        StorageLimits.Check(key);
        return file.ReadAsync<StoredDocument?>(
            null,
            session => Find(session, key),
            cancellation);
    }

    public ValueTask<IReadOnlyList<StoredDocument?>> FindManyAsync(
        IReadOnlyList<DocumentKey> keys, CancellationToken cancellation)
    {
        StorageLimits.Check(keys);
        return file.ReadAsync<IReadOnlyList<StoredDocument?>>(
            new StoredDocument?[keys.Count],
            session => FindTogether(session, keys),
            cancellation);
    }

    public ValueTask<Page<StoredDocument>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        StorageLimits.Check(query);
        var prefix = StorageLimits.Utf8.GetBytes(query.Prefix);
        var start = ListCursor.Start(query, prefix);
        return file.ReadAsync(
            new Page<StoredDocument>([], null),
            session => ReadPage(session, query, prefix, start),
            cancellation);
    }

    public ValueTask<Page<StoredDocument>> WalkAsync(Cursor? after, int limit, CancellationToken cancellation)
    {
        StorageLimits.CheckPage(limit);
        var start = WalkCursor.Start(after);
        return file.ReadAsync(
            new Page<StoredDocument>([], null),
            session => WalkCursor.Page(WalkDocuments.Run(session, start, limit + 1), limit),
            cancellation);
    }

    public ValueTask<CommitOutcome> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        StorageLimits.Check(batch);
        return file.WriteAsync(writer => CarryOutBatch.Run(writer, batch, file.Now), cancellation);
    }

    /// <summary>All waves in one transaction: one wait for the disk, and a page that several batches change is written once.</summary>
    public ValueTask<IReadOnlyList<CommitOutcome>> CommitInWavesAsync(
        IReadOnlyList<IReadOnlyList<Batch>> waves, CancellationToken cancellation)
    {
        StorageLimits.Check(waves);
        return file.WriteAsync(writer => CarryOutBatch.RunWaves(writer, waves, file.Now), cancellation);
    }

    /// <summary>As of one moment. Each look by itself would take the file's locks anew, and read again what the last one had read.</summary>
    private static StoredDocument?[] FindTogether(Session session, IReadOnlyList<DocumentKey> keys)
    {
        session.Prepare("BEGIN").Run();
        StoredDocument?[] found = [.. keys.Select(key => Find(session, key))];
        session.Prepare("COMMIT").Run();
        return found;
    }

    private static StoredDocument? Find(Session session, DocumentKey key)
    {
        using var row = session.Prepare(FindText).With(1, key.Kind.Name).With(2, key.Id);
        return row.Step() ? Read(row, key.Kind) : null;
    }

    private static Page<StoredDocument> ReadPage(
        Session session, ListQuery query, byte[] prefix, (byte[] Value, string Id) start)
    {
        var up = query.Order == ListOrder.Ascending;
        using var rows = session.Prepare(up ? UpText : DownText)
            .With(1, query.Kind.Name)
            .With(2, query.Index)
            .With(3, start.Value)
            .With(4, start.Id)
            .With(5, up ? ListCursor.End(prefix) : prefix)
            .With(6, query.Limit + 1);
        var items = new List<StoredDocument>();
        while (items.Count < query.Limit && rows.Step())
        {
            items.Add(Read(rows, query.Kind));
        }

        // The page is whole: every row of it was read from one state of the file, since it is one statement.
        // One row more than the page tells whether there is a next one, without reading it.
        var more = items.Count == query.Limit && rows.Step();
        return new Page<StoredDocument>(items, more ? ListCursor.After(query, items[^1]) : null);
    }

    private static StoredDocument Read(Statement row, DocumentKind kind) => new(
        new Document(kind.Key(row.Text(0)), row.Bytes(3), IndexBytes.Parse(row.Bytes(2))),
        new DocumentVersion(row.Text(1)));
}
