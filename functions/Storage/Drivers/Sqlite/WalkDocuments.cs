namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>Reads documents of all kinds in the order of their keys: kind, then id, both by bytes.</summary>
internal static class WalkDocuments
{
    // The order of the unique index on (kind, id): it is gone along, and nothing is sorted.
    private const string Text = """
        SELECT kind, id, version, index_values, body FROM document WHERE (kind, id) > (?1, ?2) ORDER BY kind, id LIMIT ?3
        """;

    /// <param name="after">The key that was read last; null to begin.</param>
    public static List<StoredDocument> Run(Session session, DocumentKey? after, int most)
    {
        // No kind is empty, so this comes before all.
        using var rows = session.Prepare(Text)
            .With(1, after?.Kind.Name ?? string.Empty).With(2, after?.Id ?? string.Empty).With(3, most);
        var read = new List<StoredDocument>();
        while (rows.Step())
        {
            var values = IndexBytes.Parse(rows.Bytes(3));
            var kind = WalkCursor.Kind(rows.Text(0), values.Keys);
            var document = new Document(kind.Key(rows.Text(1)), rows.Bytes(4), values);
            read.Add(new StoredDocument(document, new DocumentVersion(rows.Text(2))));
        }

        return read;
    }
}
