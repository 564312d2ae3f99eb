using System.Collections.Immutable;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// Carries out a batch inside the writer's transaction. All conditions are looked at before the first change (no
/// document occurs twice, so the order does not matter): a lost batch has changed nothing, and there is nothing to
/// take back among neighbours that share the transaction.
/// </summary>
internal static class CarryOutBatch
{
    private const string FindText = "SELECT number, version, index_values FROM document WHERE kind = ?1 AND id = ?2";
    private const string InsertText =
        "INSERT INTO document (kind, id, version, index_values, body) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string UpdateText =
        "UPDATE document SET version = ?2, index_values = ?3, body = ?4 WHERE number = ?1";

    private const string DeleteText = "DELETE FROM document WHERE number = ?1";
    private const string IndexText =
        "INSERT INTO document_index (kind, name, value, id, document) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string UnindexText =
        "DELETE FROM document_index WHERE kind = ?1 AND name = ?2 AND value = ?3 AND id = ?4";

    private const string LastText = "SELECT position FROM log_entry WHERE log = ?1 ORDER BY position DESC LIMIT 1";
    private const string AppendText = "INSERT INTO log_entry (log, position, entry) VALUES (?1, ?2, ?3)";

    public static CommitOutcome Run(Writer writer, Batch batch, long now)
    {
        var stored = new Row?[batch.Operations.Length];
        for (var at = 0; at < stored.Length; at++)
        {
            if (!Holds(writer.Session, batch.Operations[at], out stored[at]))
            {
                return new CommitOutcome.Lost(at);
            }
        }

        var versions = ImmutableDictionary.CreateBuilder<DocumentKey, DocumentVersion>();
        var indexes = ImmutableArray.CreateBuilder<long>();
        for (var at = 0; at < stored.Length; at++)
        {
            switch (batch.Operations[at])
            {
                case Operation.Put put:
                    versions.Add(put.Document.Key, Put(writer, put.Document, stored[at]));
                    break;
                case Operation.Delete delete:
                    Delete(writer.Session, delete.Key, stored[at]);
                    break;
                case Operation.Append append:
                    indexes.Add(Append(writer.Session, append));
                    break;
                case Operation.Enqueue enqueue:
                    PutMessage.Run(writer, enqueue, now);
                    break;
            }
        }

        return new CommitOutcome.Committed(versions.ToImmutable(), indexes.ToImmutable());
    }

    /// <summary>Carries out batches as <see cref="IDocuments.CommitInWavesAsync"/> promises.</summary>
    public static IReadOnlyList<CommitOutcome> RunWaves(Writer writer, IReadOnlyList<IReadOnlyList<Batch>> waves, long now)
    {
        List<CommitOutcome> outcomes = [];
        foreach (var wave in waves)
        {
            CommitOutcome[] ended = [.. wave.Select(batch => Run(writer, batch, now))];
            outcomes.AddRange(ended);
            if (ended.Any(static outcome => outcome is CommitOutcome.Lost))
            {
                break;
            }
        }

        return outcomes;
    }

    /// <summary>Whether the operation may go ahead, and the row it speaks of, which is not looked up again.</summary>
    private static bool Holds(Session session, Operation operation, out Row? stored)
    {
        (DocumentKey Key, Condition Condition)? asked = operation switch
        {
            Operation.Put put => (put.Document.Key, put.Condition),
            Operation.Delete delete => (delete.Key, delete.Condition),
            _ => null,
        };
        stored = asked is { } about ? Find(session, about.Key) : null;
        return asked?.Condition switch
        {
            null or Condition.Nothing => true,
            Condition.MustBeAbsent => stored is null,
            Condition.MustBe must => stored is not null && stored.Version == must.Version.Text,
            _ => throw new ArgumentException("A condition of no known kind."),
        };
    }

    private static Row? Find(Session session, DocumentKey key)
    {
        using var row = session.Prepare(FindText).With(1, key.Kind.Name).With(2, key.Id);
        return row.Step() ? new Row(row.Number(0), row.Text(1), row.Bytes(2)) : null;
    }

    private static DocumentVersion Put(Writer writer, Document document, Row? stored)
    {
        var session = writer.Session;
        var version = writer.NextVersion();
        var indexValues = IndexBytes.Format(document.IndexValues);
        if (stored is null)
        {
            session.Prepare(InsertText)
                .With(1, document.Key.Kind.Name).With(2, document.Key.Id)
                .With(3, version.Text).With(4, indexValues).With(5, document.Body.Span)
                .Run();
            WriteIndex(session, document.Key, session.LastInserted, document.IndexValues);
            return version;
        }

        // The row keeps its number, and so the index rows that name it. They are touched only when a value changed:
        // most writes change a body and no value.
        session.Prepare(UpdateText)
            .With(1, stored.Number).With(2, version.Text).With(3, indexValues).With(4, document.Body.Span)
            .Run();
        if (!stored.IndexValues.AsSpan().SequenceEqual(indexValues))
        {
            DropIndex(session, document.Key, stored);
            WriteIndex(session, document.Key, stored.Number, document.IndexValues);
        }

        return version;
    }

    private static void Delete(Session session, DocumentKey key, Row? stored)
    {
        if (stored is not null)
        {
            DropIndex(session, key, stored);
            session.Prepare(DeleteText).With(1, stored.Number).Run();
        }
    }

    private static void WriteIndex(
        Session session, DocumentKey key, long number, ImmutableDictionary<string, string> values)
    {
        foreach (var (name, value) in values)
        {
            session.Prepare(IndexText)
                .With(1, key.Kind.Name).With(2, name).With(3, StorageLimits.Utf8.GetBytes(value)).With(4, key.Id)
                .With(5, number)
                .Run();
        }
    }

    // The stored values name the index rows exactly, so nothing is searched.
    private static void DropIndex(Session session, DocumentKey key, Row stored)
    {
        foreach (var (name, value) in IndexBytes.Parse(stored.IndexValues))
        {
            session.Prepare(UnindexText)
                .With(1, key.Kind.Name).With(2, name).With(3, StorageLimits.Utf8.GetBytes(value)).With(4, key.Id)
                .Run();
        }
    }

    // The next position is asked from the entries themselves. A counter beside them could come to differ.
    private static long Append(Session session, Operation.Append append)
    {
        long position;
        using (var last = session.Prepare(LastText).With(1, append.Log.Text))
        {
            position = last.Step() ? last.Number(0) + 1 : 0;
        }

        session.Prepare(AppendText).With(1, append.Log.Text).With(2, position).With(3, append.Entry.Span).Run();
        return position;
    }

    private sealed record Row(long Number, string Version, byte[] IndexValues);
}
