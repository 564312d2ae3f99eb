using System.Text.Json;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.State;

namespace PracticPro.CosmosDouble.Items;

/// <summary>One item as it lies in its container; a change makes a new one.</summary>
internal sealed class StoredItem
{
    private StoredItem(PartitionKeyValue key, byte[] body)
    {
        Key = key;
        Body = body;
        Root = JsonDocument.Parse(body, ItemJson.Reading).RootElement;
        Id = Root.GetProperty("id").GetString()!;
        Rid = Root.GetProperty("_rid").GetString()!;
        ETag = Root.GetProperty("_etag").GetString()!;
        Seconds = Root.GetProperty("_ts").GetInt64();
        Number = ResourceIds.NumberOfItem(Rid);
        Ttl = Root.TryGetProperty("ttl", out var ttl) && ttl.ValueKind == JsonValueKind.Number ? ttl.GetInt32() : null;
    }

    public PartitionKeyValue Key { get; }

    public string Id { get; }

    public string Rid { get; }

    /// <summary>With its quotation marks.</summary>
    public string ETag { get; }

    /// <summary>When it was last written (<c>_ts</c>), Unix seconds.</summary>
    public long Seconds { get; }

    /// <summary>Its place in the order of creation within the container.</summary>
    public long Number { get; }

    /// <summary>The item's own time to live; -1 for ever, null for the container's.</summary>
    public int? Ttl { get; }

    /// <summary>UTF-8 JSON with the system properties.</summary>
    public byte[] Body { get; }

    public JsonElement Root { get; }

    public static StoredItem Read(PartitionKeyValue key, byte[] body) => new(key, body);

    /// <summary>Whether it is gone at that second. Source: Microsoft Learn, "Time to Live (TTL) in Azure Cosmos DB".</summary>
    /// <param name="defaultTtl">The container's; null turns expiry off, whatever the item says.</param>
    public bool IsExpired(int? defaultTtl, long now) =>
        defaultTtl is { } container && (Ttl ?? container) is > 0 and var seconds && Seconds + seconds <= now;
}
