using System.Collections.Immutable;

namespace PracticPro.Storage;

/// <summary>
/// A kind of document and the indexes it declares. A list is possible by a declared index only, so that every list
/// a driver must answer is known when the program is built.
/// </summary>
/// <param name="Name">Lower-case words with hyphens; part of the stored key.</param>
/// <param name="Indexes">Names of the indexes, each with at most one value a document.</param>
internal sealed record DocumentKind(string Name, ImmutableArray<string> Indexes)
{
    public static DocumentKind Of(string name, params string[] indexes) => new(name, [.. indexes]);

    public DocumentKey Key(string id) => new(this, id);

    // Two kinds are the same when their names are: the name is what is stored.
    public bool Equals(DocumentKind? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>
/// Names one document inside one tenant. Ids are 1–200 characters of printable ASCII without <c>/ \ # ?</c>.
/// </summary>
internal readonly record struct DocumentKey(DocumentKind Kind, string Id);

/// <summary>
/// The version a stored document is at, made by the driver. Equal versions mean equal content; there is no order.
/// </summary>
internal readonly record struct DocumentVersion(string Text);

/// <summary>
/// What is stored under a key. <see cref="Body"/> is bytes the store never looks into (sealed by the vault, but for a
/// few kinds that hold no personal data). <see cref="IndexValues"/> are readable by whoever holds the database:
/// times, states and keyed hashes only, never content.
/// </summary>
/// <param name="IndexValues">Declared index → value; compared by ordinal UTF-8 bytes; at most 300 bytes each.</param>
internal sealed record Document(
    DocumentKey Key,
    ReadOnlyMemory<byte> Body,
    ImmutableDictionary<string, string> IndexValues)
{
    public Document(DocumentKey key, ReadOnlyMemory<byte> body)
        : this(key, body, ImmutableDictionary<string, string>.Empty)
    {
    }
}

/// <summary>A document as it was read, with the version to hand back when it is changed.</summary>
internal sealed record StoredDocument(Document Document, DocumentVersion Version);
