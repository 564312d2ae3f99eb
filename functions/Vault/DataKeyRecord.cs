using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// A wrapped data key as it is stored: document kind <c>data-key</c>, id <c>use-generation</c>. Not sealed, since it is
/// what everything sealed hangs on; it holds no personal data and is useless without the tenant's key-encryption key.
/// </summary>
/// <param name="Use">Wire word of a purpose, or <see cref="IndexUse"/>.</param>
/// <param name="Version">Which version of the tenant's key wraps it.</param>
/// <param name="SealsFrom">
/// When it begins to seal: late enough for every process to know it by then. Null: from the first. It opens from the first
/// in any case.
/// </param>
internal sealed record DataKeyRecord(
    string Use,
    uint Generation,
    KeyVersion Version,
    byte[] Wrapped,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SealsFrom = null)
{
    /// <summary>
    /// The use of the key that hashes look-up values. It has no purpose of its own: it seals nothing.
    /// </summary>
    public const string IndexUse = "index";

    public const string ByName = "name";

    /// <summary>Seals nothing until it is told a moment; opens already.</summary>
    public static readonly DateTimeOffset NotYet = DateTimeOffset.MaxValue;

    public static readonly DocumentKind Documents = DocumentKind.Of("data-key", ByName);

    /// <summary>Every use a tenant has a key for.</summary>
    public static IReadOnlyList<string> Uses { get; } =
        [.. PurposeWords.All.Select(purpose => purpose.Word()), IndexUse];

    [JsonIgnore]
    public WrapContext Context => new(Use, Generation);

    private string Id => IdOf(Use, Generation);

    /// <summary>Where the wrapped key of a use and generation is stored, if there is one.</summary>
    public static DocumentKey KeyOf(string use, uint generation) => Documents.Key(IdOf(use, generation));

    public Document ToDocument() =>
        new(
            Documents.Key(Id),
            JsonSerializer.SerializeToUtf8Bytes(this, JsonShapes.Stored),
            ImmutableDictionary<string, string>.Empty.Add(ByName, Id));

    public static DataKeyRecord FromDocument(Document document) =>
        JsonSerializer.Deserialize<DataKeyRecord>(document.Body.Span, JsonShapes.Stored)
        ?? throw new InvalidDataException("A data key document is empty.");

    private static string IdOf(string use, uint generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{use}-{generation:D10}");
}
