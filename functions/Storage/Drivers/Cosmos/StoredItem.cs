using System.Buffers;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// An item as it was read. Every item of ours has <c>id</c>, <c>tenant</c> (or <c>p</c> in the fleet), <c>t</c>, which kind
/// it is, and <c>w</c>, the write that made it so; <c>_etag</c> is the service's version of it.
/// </summary>
internal readonly record struct StoredItem(JsonElement Json)
{
    public string Id => Text("id");

    public string Kind => Text("t");

    public string Version => Text("_etag");

    /// <summary>Whether that write made the item, or made it what it is now.</summary>
    public bool IsOf(WriteId write) => OptionalText("w") == write.Text || OptionalText("c") == write.Text;

    public string Text(string name) => OptionalText(name) ?? throw Damaged();

    public string? OptionalText(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public long Number(string name) =>
        Json.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : throw Damaged();

    public long? OptionalNumber(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    public byte[] Bytes(string name) =>
        Json.TryGetProperty(name, out var value) && value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Damaged();

    private static StorageCorruptException Damaged() => new("an item is not shaped as this program writes it");
}

/// <summary>Writes an item's text: what all items have, and then what its kind adds.</summary>
internal static class ItemText
{
    public static ReadOnlyMemory<byte> OfTenant(
        TenantId tenant, string id, string kind, WriteId write, Action<Utf8JsonWriter> more) =>
        Write("tenant", tenant.Text, id, kind, write, more);

    public static ReadOnlyMemory<byte> OfFleet(
        string partition, string id, string kind, WriteId write, Action<Utf8JsonWriter> more) =>
        Write("p", partition, id, kind, write, more);

    private static ReadOnlyMemory<byte> Write(
        string partitionName, string partition, string id, string kind, WriteId write, Action<Utf8JsonWriter> more)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString(partitionName, partition);
            json.WriteString("t", kind);
            json.WriteString("w", write.Text);
            more(json);
            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }
}
