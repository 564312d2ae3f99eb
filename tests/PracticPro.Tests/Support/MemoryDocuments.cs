using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;

namespace PracticPro.Tests.Support;

internal sealed class MemoryDocuments(TenantId tenant, Lock gate, MemoryLogs logs, MemoryQueue queue) : IDocuments
{
    private readonly Dictionary<DocumentKey, StoredDocument> stored = [];
    private long versions;

    public TenantId Tenant => tenant;

    public int Commits { get; private set; }

    public ValueTask<StoredDocument?> FindAsync(DocumentKey key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        StorageLimits.Check(key);
        lock (gate)
        {
            return ValueTask.FromResult(stored.TryGetValue(key, out var found) ? found : null);
        }
    }

    public ValueTask<Page<StoredDocument>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        StorageLimits.Check(query);
        var after = query.After is { } cursor ? Position.Parse(cursor, query) : null;
        lock (gate)
        {
            var rows = stored.Values
                .Where(item => item.Document.Key.Kind == query.Kind)
                .Select(item => (Item: item, At: Position.Of(item.Document, query)))
                .Where(row => row.At is not null && row.At.Value.StartsWith(query.Prefix, StringComparison.Ordinal))
                .Where(row => after is null || row.At!.CompareTo(after, query.Order) > 0)
                .OrderBy(row => row.At, Comparer<Position?>.Create((a, b) => a!.CompareTo(b!, query.Order)))
                .Take(query.Limit + 1)
                .ToList();
            var page = rows.Take(query.Limit).ToList();
            Cursor? next = rows.Count > query.Limit ? page[^1].At!.ToCursor(query) : null;
            return ValueTask.FromResult(new Page<StoredDocument>([.. page.Select(row => row.Item)], next));
        }
    }

    public ValueTask<Page<StoredDocument>> WalkAsync(Cursor? after, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        StorageLimits.CheckPage(limit);
        var start = WalkCursor.Start(after) is { } key ? Place(key) : string.Empty;
        lock (gate)
        {
            var read = stored.Values
                .Where(item => string.CompareOrdinal(Place(item.Document.Key), start) > 0)
                .OrderBy(item => Place(item.Document.Key), StringComparer.Ordinal)
                .Take(limit + 1)
                .ToList();
            return ValueTask.FromResult(WalkCursor.Page(read, limit));
        }

        static string Place(DocumentKey key) => $"{key.Kind.Name}/{key.Id}";
    }

    public ValueTask<CommitOutcome> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        StorageLimits.Check(batch);
        lock (gate)
        {
            for (var at = 0; at < batch.Operations.Length; at++)
            {
                if (!Holds(batch.Operations[at]))
                {
                    return ValueTask.FromResult<CommitOutcome>(new CommitOutcome.Lost(at));
                }
            }

            Commits++;
            return ValueTask.FromResult<CommitOutcome>(Apply(batch));
        }
    }

    public IReadOnlyList<Document> Everything()
    {
        lock (gate)
        {
            return [.. stored.Values.Select(item => item.Document)];
        }
    }

    public void Overwrite(Document document)
    {
        lock (gate)
        {
            stored[document.Key] = new StoredDocument(document, NextVersion());
        }
    }

    public void Remove(DocumentKey key)
    {
        lock (gate)
        {
            stored.Remove(key);
        }
    }

    private bool Holds(Operation operation)
    {
        var (key, condition) = operation switch
        {
            Operation.Put put => (put.Document.Key, put.Condition),
            Operation.Delete delete => (delete.Key, delete.Condition),
            _ => (default, Condition.Any),
        };
        return condition switch
        {
            Condition.MustBeAbsent => !stored.ContainsKey(key),
            Condition.MustBe must => stored.TryGetValue(key, out var found) && found.Version == must.Version,
            _ => true,
        };
    }

    private CommitOutcome.Committed Apply(Batch batch)
    {
        var made = ImmutableDictionary.CreateBuilder<DocumentKey, DocumentVersion>();
        var indexes = ImmutableArray.CreateBuilder<long>();
        foreach (var operation in batch.Operations)
        {
            switch (operation)
            {
                case Operation.Put put:
                    var version = NextVersion();
                    var copy = put.Document with { Body = put.Document.Body.ToArray() };
                    stored[copy.Key] = new StoredDocument(copy, version);
                    made[copy.Key] = version;
                    break;
                case Operation.Delete delete:
                    stored.Remove(delete.Key);
                    break;
                case Operation.Append append:
                    indexes.Add(logs.Append(append.Log, append.Entry));
                    break;
                case Operation.Enqueue enqueue:
                    queue.Enqueue(enqueue.Queue, enqueue.Message);
                    break;
            }
        }

        return new CommitOutcome.Committed(made.ToImmutable(), indexes.ToImmutable());
    }

    private DocumentVersion NextVersion() => new((++versions).ToString(CultureInfo.InvariantCulture));

    /// <summary>Where a document stands in one index: by value, then by id, both by UTF-8 bytes.</summary>
    private sealed record Position(string Value, string Id)
    {
        // A cursor has a greatest length, and escapes would break it.
        private static readonly JsonSerializerOptions Short = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

        public static Position? Of(Document document, ListQuery query) =>
            document.IndexValues.TryGetValue(query.Index, out var value) ? new Position(value, document.Key.Id) : null;

        public static Position Parse(Cursor cursor, ListQuery query)
        {
            var parts = Parts(cursor);
            return parts is [var list, var value, var id] && list == ListName(query)
                ? new Position(value, id)
                : throw new CursorOfAnotherListException();
        }

        public Cursor ToCursor(ListQuery query) =>
            Cursor.At(JsonSerializer.Serialize<string[]>([ListName(query), Value, Id], Short));

        public int CompareTo(Position other, ListOrder order)
        {
            var byValue = Bytes(Value).SequenceCompareTo(Bytes(other.Value));
            var ascending = byValue != 0 ? byValue : Bytes(Id).SequenceCompareTo(Bytes(other.Id));
            return order == ListOrder.Ascending ? ascending : -ascending;
        }

        private static string ListName(ListQuery query) => $"{query.Kind.Name}|{query.Index}|{query.Order}|{query.Prefix}";

        private static ReadOnlySpan<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

        private static string[]? Parts(Cursor cursor)
        {
            try
            {
                return JsonSerializer.Deserialize<string[]>(cursor.Position);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
