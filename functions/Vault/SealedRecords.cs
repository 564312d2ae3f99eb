using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>A record as it was read, with the version to hand back when it is changed.</summary>
internal sealed record Stored<T>(T Value, DocumentVersion Version);

/// <summary>
/// One tenant's typed records, sealed on the way in and opened on the way out. Open it for one piece of work, as the
/// keys it holds. A document's body is
/// <code>
///  0          4                                   n
///  +----------+-----------------------------------+
///  | schema   | sealed JSON (see SealedFormat)    |
///  +----------+-----------------------------------+
/// </code>
/// sealed for kind = the document kind, id = the document id, field = <c>body</c>, and the schema in front.
/// A record that does not open is never returned and never skipped: reading it throws
/// <see cref="TamperedRecordException"/>, in a list as well.
/// </summary>
internal sealed class SealedRecords
{
    private const string Body = "body";
    private const int SchemaBytes = 4;

    private readonly IDocuments documents;
    private readonly TenantKeys keys;

    /// <exception cref="ArgumentException">Documents and keys are of two tenants.</exception>
    public SealedRecords(IDocuments documents, TenantKeys keys)
    {
        if (documents.Tenant != keys.Tenant)
        {
            throw new ArgumentException("Documents and keys belong to two tenants.", nameof(keys));
        }

        (this.documents, this.keys) = (documents, keys);
    }

    public TenantId Tenant => documents.Tenant;

    /// <summary>The record, or null when there is none.</summary>
    /// <exception cref="TamperedRecordException">There is one, and it does not open.</exception>
    public async ValueTask<Stored<T>?> FindAsync<T>(RecordKind<T> kind, string id, CancellationToken cancellation)
        where T : class
    {
        var key = kind.Key(id);
        return await documents.FindAsync(key, cancellation) is { } stored ? Open(kind, key, stored) : null;
    }

    /// <summary>The record still sealed, or null: for <see cref="Open{T}(RecordKind{T}, StoredDocument)"/>.</summary>
    public ValueTask<StoredDocument?> FindSealedAsync<T>(RecordKind<T> kind, string id, CancellationToken cancellation)
        where T : class => documents.FindAsync(kind.Key(id), cancellation);

    /// <summary>The records of those ids that there are.</summary>
    /// <param name="ids">At most 500, none twice.</param>
    /// <exception cref="TamperedRecordException">One of them does not open.</exception>
    public async ValueTask<Dictionary<string, Stored<T>>> FindManyAsync<T>(
        RecordKind<T> kind, IReadOnlyCollection<string> ids, CancellationToken cancellation)
        where T : class
    {
        var opened = new Dictionary<string, Stored<T>>(ids.Count, StringComparer.Ordinal);
        foreach (var stored in (await FindManyAsync([.. ids.Select(kind.Key)], cancellation)).Values)
        {
            opened.Add(stored.Document.Key.Id, Open(kind, stored.Document.Key, stored));
        }

        return opened;
    }

    /// <summary>What is stored under those keys, of whatever kinds, still sealed: for <see cref="Open{T}(RecordKind{T}, StoredDocument)"/>.</summary>
    /// <param name="keys">At most 500, none twice.</param>
    public async ValueTask<Dictionary<DocumentKey, StoredDocument>> FindManyAsync(
        IReadOnlyList<DocumentKey> keys, CancellationToken cancellation) =>
        keys.Count == 0
            ? []
            : (await documents.FindManyAsync(keys, cancellation)).OfType<StoredDocument>().ToDictionary(static stored => stored.Document.Key);

    /// <summary>Opens what was found before, with the keys there are now.</summary>
    /// <exception cref="TamperedRecordException">It does not open.</exception>
    public Stored<T> Open<T>(RecordKind<T> kind, StoredDocument stored)
        where T : class => Open(kind, kind.Key(stored.Document.Key.Id), stored);

    /// <summary>One page by a declared index, as <see cref="IDocuments.ListAsync"/> orders it.</summary>
    /// <param name="prefix">For a readable index, what values begin with, or empty for all. A blind one: what
    /// <c>Blind</c> gives.</param>
    /// <exception cref="TamperedRecordException">One of the page does not open.</exception>
    public async ValueTask<Page<Stored<T>>> ListAsync<T>(
        RecordKind<T> kind,
        string index,
        string prefix,
        ListOrder order,
        int limit,
        Cursor? after,
        CancellationToken cancellation)
        where T : class
    {
        var query = new ListQuery(kind.Documents, index, prefix, order, limit, after);
        var page = await documents.ListAsync(query, cancellation);
        return page.Select(stored => Open(kind, stored.Document.Key, stored));
    }

    /// <summary>What a blind index holds for a value: the prefix to list by.</summary>
    /// <exception cref="ArgumentException">The index holds another sort of value, and would never be met.</exception>
    public string Blind<T>(RecordKind<T> kind, string index, string normalisedValue)
        where T : class => BlindValue(kind, index, IndexSort.Blind, normalisedValue);

    /// <inheritdoc cref="Blind{T}(RecordKind{T}, string, string)"/>
    public string Blind<T>(RecordKind<T> kind, string index, EmailAddress address)
        where T : class => BlindValue(kind, index, IndexSort.BlindEmail, address.Normalised);

    /// <inheritdoc cref="Blind{T}(RecordKind{T}, string, string)"/>
    public string Blind<T>(RecordKind<T> kind, string index, PhoneNumber number)
        where T : class => BlindValue(kind, index, IndexSort.BlindPhone, number.Text);

    /// <summary>A step for a batch: seals the record and computes its index values.</summary>
    public Operation.Put Put<T>(RecordKind<T> kind, T value, Condition condition)
        where T : class => new(Seal(kind, value), condition);

    /// <summary>The record as it is stored, for a write that is still being made.</summary>
    public Document Seal<T>(RecordKind<T> kind, T value)
        where T : class
    {
        var key = kind.Key(kind.Id(value));
        var json = JsonSerializer.SerializeToUtf8Bytes(value, JsonShapes.Stored);
        var sealedJson = keys.Seal(kind.Purpose, Context(key, kind.Schema), json);
        CryptographicOperations.ZeroMemory(json);

        var body = new byte[SchemaBytes + sealedJson.Length];
        BinaryPrimitives.WriteInt32BigEndian(body, kind.Schema);
        sealedJson.Span.CopyTo(body.AsSpan(SchemaBytes));

        var indexed = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var index in kind.Indexes)
        {
            if (index.ValueOf(value, keys, kind.Purpose, kind.Documents.Name) is { } text)
            {
                indexed.Add(index.Name, text);
            }
        }

        return new Document(key, body, indexed.ToImmutable());
    }

    /// <summary>A step for a batch: removes the record.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The pair of Put, and asked for in the same place.")]
    public Operation.Delete Delete<T>(RecordKind<T> kind, string id, Condition condition)
        where T : class => new(kind.Key(id), condition);

    /// <summary>Carries out a batch; see <see cref="IDocuments.CommitAsync"/>.</summary>
    public ValueTask<CommitOutcome> CommitAsync(IEnumerable<Operation> operations, CancellationToken cancellation) =>
        documents.CommitAsync(new Batch(operations), cancellation);

    /// <summary>How such documents are sealed, whatever they say.</summary>
    public static SealedKind KindOf(string name, Purpose purpose) => SealedKind.Behind(
        name,
        purpose,
        SchemaBytes,
        static document => BinaryPrimitives.ReadInt32BigEndian(document.Body.Span) is >= 1 and var schema
            ? Context(document.Key, schema)
            : throw new TamperedRecordException(document.Key.Kind.Name));

    private string BlindValue<T>(RecordKind<T> kind, string index, IndexSort sort, string value)
        where T : class =>
        kind.Indexes.Single(declared => declared.Name == index) is { } found && found.Sort == sort
            ? found.Stored(value, keys, kind.Purpose, kind.Documents.Name)
            : throw new ArgumentException("This index is asked by another sort of value.", nameof(index));

    private static SealContext Context(DocumentKey key, int schema) => new(key.Kind.Name, key.Id, Body, schema);

    private Stored<T> Open<T>(RecordKind<T> kind, DocumentKey key, StoredDocument stored)
        where T : class
    {
        if (!TrySplit(stored.Document, out var place, out var value) || !kind.CanRead(place.Schema))
        {
            throw new TamperedRecordException(kind.Documents.Name);
        }

        var opened = keys.Open(kind.Purpose, place, value);
        if (!opened.Try(out var plain, out var why))
        {
            // A generation these keys do not have may be newer than they are: the record can be whole.
            throw why is VaultFailures.UnknownGeneration
                ? new UnexpectedFailureException(why)
                : new TamperedRecordException(kind.Documents.Name);
        }

        using (plain)
        {
            return new Stored<T>(Parse(kind, key, place.Schema, plain), stored.Version);
        }
    }

    /// <summary>The place a record's document claims for its sealed value, and the value. False: it is no sealed record.</summary>
    internal static bool TrySplit(
        Document document, [NotNullWhen(true)] out SealContext? place, out SealedBytes value)
    {
        var schema = document.Body.Length > SchemaBytes ? BinaryPrimitives.ReadInt32BigEndian(document.Body.Span) : 0;
        place = schema >= 1 ? Context(document.Key, schema) : null;
        value = place is null ? default : new SealedBytes(document.Body[SchemaBytes..]);
        return place is not null;
    }

    /// <summary>The record an opened value holds.</summary>
    internal static T Parse<T>(RecordKind<T> kind, DocumentKey key, int schema, PlainBytes plain)
        where T : class
    {
        try
        {
            var value = kind.Read(schema, plain.Span);

            // The id inside is authentic as well; a kind whose id selector changed would otherwise write elsewhere.
            return kind.Id(value) == key.Id ? value : throw new TamperedRecordException(kind.Documents.Name);
        }
        catch (JsonException)
        {
            // The original would quote the path, and a path can hold a dictionary's keys.
            throw new TamperedRecordException(kind.Documents.Name);
        }
    }
}
