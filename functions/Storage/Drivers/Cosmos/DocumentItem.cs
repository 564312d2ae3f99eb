using System.Collections.Immutable;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// A document: <c>{t:"d", k: id, b: body, x: {index: sort key}}</c>. The kind is in the item's id; a value is read back
/// from its sort key, so that it is kept once.
/// </summary>
internal static class DocumentItem
{
    public const string Kind = "d";

    public static ReadOnlyMemory<byte> Write(TenantId tenant, Document document, WriteId write) =>
        ItemText.OfTenant(tenant, ItemName.Document(document.Key), Kind, write, json =>
        {
            json.WriteString("k", document.Key.Id);
            json.WriteBase64String("b", document.Body.Span);
            json.WriteStartObject("x");
            foreach (var (index, value) in document.IndexValues.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(index, SortKey.Of(document.Key.Kind, StorageLimits.Utf8.GetBytes(value), document.Key.Id));
            }

            json.WriteEndObject();
        });

    public static StoredDocument Read(StoredItem item, DocumentKind kind) => Read(item, kind, Values(item));

    /// <summary>A document of whichever kind its name says.</summary>
    public static StoredDocument Read(StoredItem item)
    {
        var values = Values(item);
        return Read(item, WalkCursor.Kind(ItemName.KindOfDocument(item.Id), values.Keys), values);
    }

    private static StoredDocument Read(StoredItem item, DocumentKind kind, ImmutableDictionary<string, string> values) => new(
        new Document(kind.Key(item.Text("k")), item.Bytes("b"), values), new DocumentVersion(item.Version));

    private static ImmutableDictionary<string, string> Values(StoredItem item)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var index in item.Json.GetProperty("x").EnumerateObject())
        {
            values.Add(index.Name, SortKey.ValueOf(index.Value.GetString()!));
        }

        return values.ToImmutable();
    }
}

/// <summary>
/// The entries that one batch added to one log: <c>{t:"l", l: "{log}/{last index}", f: first index, e: [entry, …]}</c>.
/// Named by its first index and never changed. Ordered by its last, so that the first chunk at or after an index is the one
/// that holds it.
/// </summary>
internal static class LogChunk
{
    public const string Kind = "l";

    public static ReadOnlyMemory<byte> Write(
        TenantId tenant, LogName log, long first, IReadOnlyList<ReadOnlyMemory<byte>> entries, WriteId write) =>
        ItemText.OfTenant(tenant, ItemName.Chunk(log, first), Kind, write, json =>
        {
            json.WriteString("l", Place(log, first + entries.Count - 1));
            json.WriteNumber("f", first);
            json.WriteStartArray("e");
            foreach (var entry in entries)
            {
                json.WriteBase64StringValue(entry.Span);
            }

            json.WriteEndArray();
        });

    public static string Place(LogName log, long last) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{log.Text}/{last:D19}");

    /// <summary>Above every place of the log: <c>:</c> comes after all digits.</summary>
    public static string End(LogName log) => log.Text + "/:";

    public static long First(StoredItem item) => item.Number("f");

    public static IEnumerable<byte[]> Entries(StoredItem item) =>
        item.Json.GetProperty("e").EnumerateArray().Select(static entry => entry.GetBytesFromBase64());

    /// <summary>The index after the chunk's last.</summary>
    public static long Next(StoredItem item) => First(item) + item.Json.GetProperty("e").GetArrayLength();
}
