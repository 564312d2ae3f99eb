using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// A typed kind of sealed document: its name, the shape's version, whose keys seal it, how its id is found, and its
/// indexes. Made once, as a static field next to the type. Name, schema and purpose are authenticated with each record:
/// change the purpose or name and nothing stored opens any more.
/// </summary>
internal sealed class RecordKind<T>
    where T : class
{
    private readonly ImmutableDictionary<int, Func<JsonElement, T>> earlier;

    /// <param name="name">Document kind: lower-case words with hyphens.</param>
    /// <param name="schema">Version of the shape that is written, from 1.</param>
    /// <param name="id">The document id: 1–200 characters of printable ASCII without <c>/ \ # ?</c>.</param>
    public RecordKind(string name, int schema, Purpose purpose, Func<T, string> id, params RecordIndex<T>[] indexes)
        : this(name, schema, purpose, id, [.. indexes], ImmutableDictionary<int, Func<JsonElement, T>>.Empty)
    {
    }

    private RecordKind(
        string name,
        int schema,
        Purpose purpose,
        Func<T, string> id,
        ImmutableArray<RecordIndex<T>> indexes,
        ImmutableDictionary<int, Func<JsonElement, T>> earlier)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(schema, 1);
        Documents = DocumentKind.Of(name, [.. indexes.Select(index => index.Name)]);
        (Schema, Purpose, Id, Indexes, this.earlier) = (schema, purpose, id, indexes, earlier);
    }

    public DocumentKind Documents { get; }

    public int Schema { get; }

    public Purpose Purpose { get; }

    public Func<T, string> Id { get; }

    public ImmutableArray<RecordIndex<T>> Indexes { get; }

    /// <summary>Where the sealed part of such a document lies: see <see cref="SealedRecords"/>.</summary>
    public SealedKind Sealed => SealedRecords.KindOf(Documents.Name, Purpose);

    public DocumentKey Key(string id) => Documents.Key(id);

    /// <summary>The same kind, which also reads records written in an earlier shape.</summary>
    public RecordKind<T> Reads(int schema, Func<JsonElement, T> upgrade) =>
        schema >= 1 && schema < Schema
            ? new(Documents.Name, Schema, Purpose, Id, Indexes, earlier.Add(schema, upgrade))
            : throw new ArgumentOutOfRangeException(nameof(schema), "Only an earlier schema is read beside this one.");

    internal bool CanRead(int schema) => schema == Schema || earlier.ContainsKey(schema);

    internal T Read(int schema, ReadOnlySpan<byte> json) =>
        (schema == Schema
            ? JsonSerializer.Deserialize<T>(json, JsonShapes.Stored)
            : earlier[schema](JsonSerializer.Deserialize<JsonElement>(json, JsonShapes.Stored)))
        ?? throw new JsonException("A record is null.");
}
