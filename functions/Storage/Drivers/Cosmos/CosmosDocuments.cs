using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>One tenant's documents: point reads and lists here, writes in <see cref="CommitBatch"/>.</summary>
internal sealed class CosmosDocuments(TenantPartition partition, LogHeads heads, CosmosCalls calls) : IDocuments
{
    /// <summary>Up to as many, point reads cost no more than a query.</summary>
    private const int FewestNamed = 2;

    public TenantId Tenant => partition.Tenant;

    public async ValueTask<StoredDocument?> FindAsync(DocumentKey key, CancellationToken cancellation)
    {
        StorageLimits.Check(key);
        return await partition.ReadAsync(ItemName.Document(key), cancellation) is { } item
            ? DocumentItem.Read(item, key.Kind)
            : null;
    }

    public async ValueTask<IReadOnlyList<StoredDocument?>> FindManyAsync(
        IReadOnlyList<DocumentKey> keys, CancellationToken cancellation)
    {
        StorageLimits.Check(keys);
        if (keys.Count <= FewestNamed)
        {
            var items = await partition.ReadAsync([.. keys.Select(ItemName.Document)], cancellation);
            return [.. items.Select((item, at) => item is { } found ? DocumentItem.Read(found, keys[at].Kind) : null)];
        }

        var names = keys.Select(ItemName.Document).ToArray();
        var query = new QueryDefinition(CosmosQueries.ItemsNamed).WithParameter("@names", names);
        var byName = new Dictionary<string, StoredItem>(StringComparer.Ordinal);
        await foreach (var row in partition.QueryAsync(query, keys.Count, cancellation))
        {
            byName[row.Id] = row;
        }

        return [.. keys.Select((key, at) => byName.TryGetValue(names[at], out var item) ? DocumentItem.Read(item, key.Kind) : null)];
    }

    public async ValueTask<Page<StoredDocument>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        StorageLimits.Check(query);
        var items = new List<StoredDocument>();
        var rows = partition.QueryAsync(ListQueryText.Of(query), query.Limit + 1, cancellation);
        await foreach (var row in rows)
        {
            // One row more than the page tells whether there is a next one.
            if (items.Count == query.Limit)
            {
                return new Page<StoredDocument>(items, ListCursor.After(query, items[^1]));
            }

            items.Add(DocumentItem.Read(row, query.Kind));
        }

        return new Page<StoredDocument>(items, null);
    }

    public async ValueTask<Page<StoredDocument>> WalkAsync(Cursor? after, int limit, CancellationToken cancellation)
    {
        StorageLimits.CheckPage(limit);
        var start = WalkCursor.Start(after) is { } last ? ItemName.Document(last) : ItemName.FirstDocument;
        var query = new QueryDefinition(CosmosQueries.ItemsBetween)
            .WithParameter("@start", start)
            .WithParameter("@end", ItemName.AfterDocuments);
        var items = new List<StoredDocument>();
        await foreach (var row in partition.QueryAsync(query, limit + 1, cancellation))
        {
            items.Add(DocumentItem.Read(row));
            if (items.Count > limit)
            {
                break;
            }
        }

        return WalkCursor.Page(items, limit);
    }

    public ValueTask<CommitOutcome> CommitAsync(Batch batch, CancellationToken cancellation)
    {
        StorageLimits.Check(batch);
        return new CommitBatch(partition, heads, calls, batch).RunAsync(cancellation);
    }
}

/// <summary>
/// A list as a query: one range of one index's sort keys, in their order. The cursor is ours, a sort key, so that it
/// outlives splits of the partition and versions of the SDK.
/// </summary>
internal static class ListQueryText
{
    public static QueryDefinition Of(ListQuery query)
    {
        StorageLimits.CheckName(query.Index, "index");
        var prefix = StorageLimits.Utf8.GetBytes(query.Prefix);
        var up = query.Order == ListOrder.Ascending;
        var (value, id) = ListCursor.Start(query, prefix);
        var start = SortKey.Of(query.Kind, value, id);

        return up
            ? new QueryDefinition(CosmosQueries.ListUp(query.Index))
                .WithParameter("@start", start)
                .WithParameter("@end", SortKey.End(query.Kind, prefix))
            : new QueryDefinition(CosmosQueries.ListDown(query.Index))
                .WithParameter("@start", start)
                .WithParameter("@end", SortKey.First(query.Kind, prefix));
    }
}
