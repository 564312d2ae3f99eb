using System.Collections.Immutable;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.Partitions;

namespace PracticPro.CosmosDouble.State;

/// <summary>A container at one moment. Readers hold it as long as they like; writers make the next.</summary>
/// <param name="Lsn">Number of the last committed transaction. One count for all ranges, so that it survives a split.</param>
/// <param name="LastNumber">Highest number an item has been given.</param>
/// <param name="Changes">The latest version of every item, in the order of the change feed.</param>
internal sealed record ContainerSnapshot(
    ContainerDefinition Definition,
    RangeMap Ranges,
    ImmutableDictionary<PartitionKeyValue, PartitionState> Partitions,
    ImmutableSortedSet<ItemVersion> Changes,
    ImmutableDictionary<string, ItemVersion> VersionByRid,
    long Lsn,
    long LastNumber)
{
    public static ContainerSnapshot Empty(ContainerDefinition definition, RangeMap ranges) => new(
        definition,
        ranges,
        ImmutableDictionary<PartitionKeyValue, PartitionState>.Empty,
        [],
        ImmutableDictionary.Create<string, ItemVersion>(StringComparer.Ordinal),
        0,
        0);

    public PartitionState Partition(PartitionKeyValue key) => Partitions.GetValueOrDefault(key) ?? PartitionState.Empty(key);

    /// <summary>Where the versions after a transaction begin in <see cref="Changes"/>.</summary>
    public int IndexAfter(long lsn)
    {
        var index = Changes.IndexOf(new ItemVersion(lsn + 1, 0, null));
        return index < 0 ? ~index : index;
    }

    /// <summary>The container after a transaction in one logical partition.</summary>
    public ContainerSnapshot With(Transaction transaction)
    {
        var partition = Partition(transaction.Key);
        var changes = Changes.ToBuilder();
        var versions = VersionByRid.ToBuilder();
        var last = LastNumber;
        var at = 0;
        foreach (var change in transaction.Changes)
        {
            if (partition.ById.TryGetValue(change.Id, out var old) && versions.TryGetValue(old.Rid, out var version))
            {
                versions.Remove(old.Rid);
                changes.Remove(version);
            }

            if (change.Item is not { } item)
            {
                partition = partition.Without(change.Id);
                continue;
            }

            partition = partition.With(item);
            var next = new ItemVersion(transaction.Lsn, at++, item);
            changes.Add(next);
            versions.Add(item.Rid, next);
            last = Math.Max(last, item.Number);
        }

        return this with
        {
            Partitions = partition.ById.IsEmpty ? Partitions.Remove(transaction.Key) : Partitions.SetItem(transaction.Key, partition),
            Changes = changes.ToImmutable(),
            VersionByRid = versions.ToImmutable(),
            Lsn = transaction.Lsn,
            LastNumber = last,
        };
    }
}

/// <summary>A put, or a removal where the item is null.</summary>
internal sealed record ItemChange(string Id, StoredItem? Item);

/// <summary>Changes of one logical partition that happened at once.</summary>
internal sealed record Transaction(PartitionKeyValue Key, long Lsn, IReadOnlyList<ItemChange> Changes);
