using System.Globalization;
using System.Text.Json;
using PracticPro.CosmosDouble.State;

namespace PracticPro.CosmosDouble.Items;

/// <summary>
/// A logical partition while a transaction is at work in it: later operations see what earlier ones did, and nobody else
/// sees anything before the whole is committed.
/// </summary>
internal sealed class PartitionDraft(ContainerState container, ContainerSnapshot from, PartitionState partition, long now)
{
    private readonly List<ItemChange> changes = [];
    private PartitionState partition = partition;
    private long lastNumber = from.LastNumber;

    public ContainerDefinition Definition => from.Definition;

    /// <summary>Unix seconds.</summary>
    public long Now => now;

    public double ReadFactor => container.ReadFactor;

    public Transaction Transaction => new(partition.Key, from.Lsn + 1, changes);

    /// <summary>Null for one that is not there or has expired.</summary>
    public StoredItem? Find(string id) =>
        partition.ById.TryGetValue(id, out var item) && !item.IsExpired(Definition.DefaultTtl, now) ? item : null;

    public IEnumerable<StoredItem> Others(string id) =>
        partition.ById.Values.Where(item => item.Id != id && !item.IsExpired(Definition.DefaultTtl, now));

    /// <summary>Puts the item in its next version; one that is there keeps its number.</summary>
    public StoredItem Put(string id, JsonElement item)
    {
        var rid = Find(id)?.Rid ?? ResourceIds.Item(container.Rid, ++lastNumber);
        var stamp = new ItemJson.Stamp(rid, $"{container.Self}docs/{rid}/", NextETag(), now);
        var stored = StoredItem.Read(partition.Key, ItemJson.Write(item, stamp));
        partition = partition.With(stored);
        changes.Add(new ItemChange(id, stored));
        return stored;
    }

    public void Remove(string id)
    {
        partition = partition.Without(id);
        changes.Add(new ItemChange(id, null));
    }

    private string NextETag() => string.Create(
        CultureInfo.InvariantCulture, $"\"{from.Lsn + 1:x8}-0000-{changes.Count:x4}-0000-{now:x8}{container.Number:x4}\"");
}
