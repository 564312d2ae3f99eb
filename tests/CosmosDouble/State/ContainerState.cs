using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.Journals;
using PracticPro.CosmosDouble.Partitions;

namespace PracticPro.CosmosDouble.State;

/// <summary>
/// One container. Transactions go one at a time, are journalled, and then are there for every reader at once.
/// </summary>
internal sealed class ContainerState(string rid, string databaseRid, uint number, ContainerSnapshot start, Journal journal, TimeProvider time)
{
    private readonly Lock gate = new();
    private ContainerSnapshot current = start;

    public string Rid => rid;

    public uint Number => number;

    /// <summary>What the price of a read is multiplied by: the account's consistency decides.</summary>
    public required double ReadFactor { get; init; }

    public string Self => $"dbs/{databaseRid}/colls/{rid}/";

    public ContainerSnapshot Current => Volatile.Read(ref current);

    /// <summary>Unix seconds.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>
    /// Carries out operations of one logical partition, all or none. The results end at the first that failed; then
    /// nothing has happened.
    /// </summary>
    public (IReadOnlyList<ItemResult> Results, ContainerSnapshot After) Execute(
        PartitionKeyValue key, IReadOnlyList<ItemOperation> operations)
    {
        lock (gate)
        {
            var draft = new PartitionDraft(this, current, current.Partition(key), Now);
            var results = new List<ItemResult>();
            foreach (var operation in operations)
            {
                var result = ItemExecution.Run(operation, draft, key);
                results.Add(result);
                if (result.Failed)
                {
                    return (results, current);
                }
            }

            if (draft.Transaction is { Changes.Count: > 0 } transaction)
            {
                journal.Append(JournalLine.Of(this, transaction));
                current = current.With(transaction);
            }

            return (results, current);
        }
    }

    /// <summary>Cuts a range in two. Whoever still asks for it is told that it is gone.</summary>
    public void Split(string rangeId) => Rearrange(current => current.Ranges.Split(rangeId));

    /// <summary>Puts another definition in place of the one there is; the partition key stays.</summary>
    public void Redefine(ContainerDefinition definition)
    {
        lock (gate)
        {
            journal.Append(JournalLine.OfDefinition(this, definition));
            current = current with { Definition = definition };
        }
    }

    /// <summary>Puts a journalled transaction back.</summary>
    public void Restore(Transaction transaction) => current = current.With(transaction);

    /// <summary>Puts a journalled map back.</summary>
    public void Restore(RangeMap ranges) => current = current with { Ranges = ranges };

    /// <summary>Puts a journalled definition back.</summary>
    public void Restore(ContainerDefinition definition) => current = current with { Definition = definition };

    private void Rearrange(Func<ContainerSnapshot, RangeMap> change)
    {
        lock (gate)
        {
            var ranges = change(current);
            journal.Append(JournalLine.Of(this, ranges));
            current = current with { Ranges = ranges };
        }
    }
}
