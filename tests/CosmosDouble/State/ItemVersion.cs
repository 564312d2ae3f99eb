using PracticPro.CosmosDouble.Items;

namespace PracticPro.CosmosDouble.State;

/// <summary>The latest version of an item, at its place in the change feed: by transaction, then by place within it.</summary>
internal sealed class ItemVersion(long lsn, int at, StoredItem? item) : IComparable<ItemVersion>
{
    public long Lsn => lsn;

    public int At => at;

    /// <summary>Null for a place that is only looked for.</summary>
    public StoredItem? Item => item;

    public int CompareTo(ItemVersion? other) =>
        other is null ? 1 : Lsn == other.Lsn ? At.CompareTo(other.At) : Lsn.CompareTo(other.Lsn);
}
