using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>One tenant's logs, for reading, chunk by chunk. <see cref="CommitBatch"/> is the only one that adds to them.</summary>
internal sealed class CosmosAppendLog(TenantPartition partition) : IAppendLog
{
    // As many as one page of a query holds at most.
    private const int MostAtOnce = 1_000;

    public TenantId Tenant => partition.Tenant;

    public ValueTask<long> CountAsync(LogName log, CancellationToken cancellation)
    {
        StorageLimits.CheckName(log.Text, "log name");
        return NextAsync(partition, log, cancellation);
    }

    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        LogName log, long from, int count, CancellationToken cancellation)
    {
        StorageLimits.CheckName(log.Text, "log name");
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var entries = new List<ReadOnlyMemory<byte>>();
        if (count == 0)
        {
            return entries;
        }

        // Chunks are ordered by their last index: the first at or after an index holds it. No chunk is longer than a
        // batch, so the one that holds the last index wanted ends less than a batch behind it.
        var query = new QueryDefinition(CosmosQueries.LogFrom)
            .WithParameter("@from", LogChunk.Place(log, from))
            .WithParameter("@end", LogChunk.Place(log, from + count + Batch.MaximumOperations));
        await foreach (var chunk in partition.QueryAsync(query, Math.Min(count, MostAtOnce), cancellation))
        {
            var at = LogChunk.First(chunk);
            foreach (var entry in LogChunk.Entries(chunk))
            {
                if (at++ >= from)
                {
                    entries.Add(entry);
                }

                if (entries.Count == count)
                {
                    return entries;
                }
            }
        }

        return entries;
    }

    /// <summary>The index that the log goes on with.</summary>
    public static async ValueTask<long> NextAsync(TenantPartition partition, LogName log, CancellationToken cancellation)
    {
        var query = new QueryDefinition(CosmosQueries.LogLast)
            .WithParameter("@from", LogChunk.Place(log, 0))
            .WithParameter("@end", LogChunk.End(log));
        await foreach (var last in partition.QueryAsync(query, 1, cancellation))
        {
            return LogChunk.Next(last);
        }

        return 0;
    }
}
