using System.Collections.Immutable;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.Partitions;

namespace PracticPro.CosmosDouble.State;

/// <summary>One logical partition at one moment. Expired items may still lie in it; who reads leaves them out.</summary>
/// <param name="Place">Its place on the ring.</param>
/// <param name="InOrder">By number: the order without ORDER BY.</param>
internal sealed record PartitionState(
    PartitionKeyValue Key,
    string Place,
    ImmutableDictionary<string, StoredItem> ById,
    ImmutableSortedDictionary<long, StoredItem> InOrder)
{
    public static PartitionState Empty(PartitionKeyValue key) => new(
        key,
        EffectivePartitionKey.Of(key),
        ImmutableDictionary.Create<string, StoredItem>(StringComparer.Ordinal),
        ImmutableSortedDictionary<long, StoredItem>.Empty);

    public PartitionState With(StoredItem item)
    {
        var without = Without(item.Id);
        return without with { ById = without.ById.Add(item.Id, item), InOrder = without.InOrder.Add(item.Number, item) };
    }

    public PartitionState Without(string id) => ById.TryGetValue(id, out var item)
        ? this with { ById = ById.Remove(id), InOrder = InOrder.Remove(item.Number) }
        : this;
}
