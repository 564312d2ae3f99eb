using System.Runtime.CompilerServices;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// One tenant's partition, in whichever home it is. The only way from the ports to a tenant's items: the partition key is
/// set here and nowhere else.
/// </summary>
internal sealed class TenantPartition(
    TenantId tenant, CosmosAccount account, Placements placements, CosmosCalls calls, TimeProvider time, ILogger log)
{
    private readonly PartitionKey key = new(tenant.Text);

    public TenantId Tenant => tenant;

    /// <summary>Now, in Unix milliseconds: what items keep times in.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The item, or null when there is none.</summary>
    public async ValueTask<StoredItem?> ReadAsync(string name, CancellationToken cancellation) =>
        await placements.FindAsync(tenant, cancellation) is { } home
            ? await calls.ReadAsync(await account.RecordsAsync(tenant, home.Home, cancellation), key, name, cancellation)
            : null;

    /// <summary>The items of those names, null where there is none. At most sixteen are asked for at once.</summary>
    public async ValueTask<StoredItem?[]> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        const int AtOnce = 16;
        var items = new StoredItem?[names.Count];
        foreach (var some in Enumerable.Range(0, names.Count).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(async at => items[at] = await ReadAsync(names[at], cancellation)));
        }

        return items;
    }

    /// <summary>
    /// Rows of this partition, in the query's order. <paramref name="page"/> is how many are fetched at once; the caller
    /// stops when it has enough.
    /// </summary>
    public async IAsyncEnumerable<StoredItem> QueryAsync(
        QueryDefinition query, int page, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await placements.FindAsync(tenant, cancellation) is not { } home)
        {
            yield break;
        }

        var records = await account.RecordsAsync(tenant, home.Home, cancellation);
        await foreach (var row in calls.QueryAsync(records, key, query, page, cancellation))
        {
            yield return new StoredItem(row);
        }
    }

    public async ValueTask<long> CountAsync(QueryDefinition query, CancellationToken cancellation)
    {
        var count = 0L;
        await foreach (var row in QueryAsync(query, 1, cancellation))
        {
            count += row.Json.GetInt64();
        }

        return count;
    }

    /// <summary>
    /// The one function all writes of a tenant go through: one transactional batch, whose first operation reads the gate
    /// of the home, so that nothing is written to a home that was shut.
    /// </summary>
    /// <exception cref="StorageUnavailableException">
    /// It was not written; or, and only when the reason says so, that cannot be told.
    /// </exception>
    public ValueTask<WriteOutcome> WriteAsync(PartitionWrite write, CancellationToken cancellation) =>
        new GatedWrite(this, account, placements, calls, log, write).RunAsync(cancellation);

    /// <summary>The same for one item: its new version, or null when the write was refused.</summary>
    public async ValueTask<string?> WriteAsync(WriteId id, ItemWrite write, CancellationToken cancellation) =>
        await WriteAsync(new PartitionWrite(id, [write]), cancellation) is WriteOutcome.Stored stored ? stored.Versions[0] : null;
}
