using System.Collections.Immutable;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Commits one batch: plans it, writes it, and plans anew when the plan was stale. A refusal of what the caller made a
/// condition is the caller's loss.
/// </summary>
internal sealed class CommitBatch(TenantPartition partition, LogHeads heads, CosmosCalls calls, Batch batch)
{
    private const int Plans = 60;
    private readonly WriteId write = WriteId.New();

    public async ValueTask<CommitOutcome> RunAsync(CancellationToken cancellation)
    {
        var appends = batch.Operations.Any(static operation => operation is Operation.Append);
        using var turn = appends ? await heads.EnterAsync(partition.Tenant, cancellation) : null;
        var planning = new PlanBatch(partition, heads, batch, write);
        for (var attempt = 1; attempt <= Plans; attempt++)
        {
            var plan = await planning.RunAsync(cancellation);
            if (plan.Lost is { } lost)
            {
                return new CommitOutcome.Lost(lost);
            }

            if (plan.Writes.Count == 0)
            {
                return Committed(plan, []);
            }

            var sent = new PartitionWrite(write, [.. plan.Writes.Select(static planned => planned.Write)], plan.Witness);
            switch (await partition.WriteAsync(sent, cancellation))
            {
                case WriteOutcome.Stored stored:
                    return Committed(plan, stored.Versions);
                case WriteOutcome.Refused refused when plan.Writes[refused.At].IsCondition:
                    return new CommitOutcome.Lost(plan.Writes[refused.At].Operation);
                default:
                    Forget(plan);
                    await calls.PauseAsync(1, cancellation);
                    break;
            }
        }

        throw new StorageUnavailableException("too many write at once");
    }

    private CommitOutcome.Committed Committed(BatchPlan plan, ImmutableArray<string> versions)
    {
        foreach (var (log, next) in plan.Heads)
        {
            heads.Remember(partition.Tenant, log, next);
        }

        var documents = ImmutableDictionary.CreateBuilder<DocumentKey, DocumentVersion>();
        for (var at = 0; at < plan.Writes.Count; at++)
        {
            if (batch.Operations[plan.Writes[at].Operation] is Operation.Put put)
            {
                documents.Add(put.Document.Key, new DocumentVersion(versions[at]));
            }
        }

        return new CommitOutcome.Committed(documents.ToImmutable(), [.. plan.Indexes]);
    }

    private void Forget(BatchPlan plan)
    {
        foreach (var log in plan.Heads.Keys)
        {
            heads.Forget(partition.Tenant, log);
        }
    }
}
