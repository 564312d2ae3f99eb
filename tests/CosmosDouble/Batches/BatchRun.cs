using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Batches;

/// <summary>
/// A transactional batch: at most 100 operations of one logical partition and two megabytes, all or none. When one fails,
/// it has its own status and all others have 424. Source: Microsoft Learn, "Transactional batch operations".
/// </summary>
internal static class BatchRun
{
    private const int MostOperations = 100;
    private const int LargestBytes = 2 * 1024 * 1024;

    public static async Task<CosmosAnswer> AnswerAsync(CosmosRequest request, ContainerState container, PartitionKeyValue key)
    {
        if (!request.Flag(CosmosHeaders.BatchAtomic) || !request.Flag(CosmosHeaders.BatchOrdered))
        {
            return CosmosAnswer.Of(Refusal.Unknown("a batch that is not atomic and ordered"));
        }

        if (request.Body.Length > LargestBytes)
        {
            return CosmosAnswer.Of(Refusal.TooLarge("A batch has at most 2 MB."));
        }

        var operations = await BatchReader.ReadAsync(request.Body);
        if (operations is not { Count: >= 1 and <= MostOperations })
        {
            return CosmosAnswer.Of(Refusal.BadRequest("A batch has one to 100 operations."));
        }

        var (results, after) = container.Execute(key, operations);
        var failed = results[^1].Failed;
        var rows = failed
            ? operations.Select((_, at) => at == results.Count - 1 ? Failed(results[at]) : Failed(ItemResult.Of(Refusal.Dependency, charge: 0)))
            : results.Select((result, at) => Done(result, operations[at]));
        return new CosmosAnswer(failed ? StatusCodes.Status207MultiStatus : StatusCodes.Status200OK, await BatchWriter.WriteAsync([.. rows]))
        {
            Charge = results.Sum(result => result.Charge),
            Lsn = after.Lsn,
        };
    }

    private static BatchRow Failed(ItemResult result) =>
        new(result.Status, result.Refusal!.SubStatus, null, null, result.Charge);

    private static BatchRow Done(ItemResult result, ItemOperation operation)
    {
        var isBodyWanted = result.Status != StatusCodes.Status304NotModified
            && (operation.Verb == ItemVerb.Read || !operation.Minimal);
        return new(result.Status, 0, result.Item?.ETag, isBodyWanted ? result.Item?.Body : null, result.Charge);
    }
}
