using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>The queries over messages: ranges of <c>q</c>, and one of <c>set</c>.</summary>
internal static class QueueRows
{
    private const string InOrder = "SELECT * FROM c WHERE c.q >= @first AND c.q < @end ORDER BY c.q";
    private const string CountOne = "SELECT VALUE COUNT(1) FROM c WHERE c.q >= @first AND c.q < @end";
    private const string CountTwo =
        "SELECT VALUE COUNT(1) FROM c WHERE (c.q >= @first AND c.q < @end) OR (c.q >= @first2 AND c.q < @end2)";

    private const string SetLater = "SELECT * FROM c WHERE c.set > @now";

    public static QueryDefinition Ready(QueueName queue, long now)
    {
        var first = MessageItem.FirstWaiting(queue);
        return Range(InOrder, first, MessageItem.AfterNow(first, now));
    }

    public static QueryDefinition Poison(QueueName queue, long now)
    {
        var first = MessageItem.FirstLastOut(queue);
        return Range(InOrder, first, MessageItem.AfterNow(first, now));
    }

    /// <summary>Waiting or held; of those whose last delivery is out, the ones that are still held.</summary>
    public static QueryDefinition CountLive(QueueName queue, long now) =>
        Range(CountTwo, MessageItem.FirstWaiting(queue), MessageItem.EndWaiting(queue))
            .WithParameter("@first2", MessageItem.AfterNow(MessageItem.FirstLastOut(queue), now))
            .WithParameter("@end2", MessageItem.EndLastOut(queue));

    public static QueryDefinition CountPoison(QueueName queue, long now)
    {
        var first = MessageItem.FirstLastOut(queue);
        return Range(CountOne, first, MessageItem.AfterNow(first, now));
    }

    public static QueryDefinition SetAfter(long now) => new QueryDefinition(SetLater).WithParameter("@now", now);

    public static async ValueTask<List<MessageItem>> ReadAsync(
        TenantPartition partition, QueryDefinition query, int limit, CancellationToken cancellation)
    {
        var messages = new List<MessageItem>();
        await foreach (var row in partition.QueryAsync(query, limit, cancellation))
        {
            messages.Add(MessageItem.Read(row));
            if (messages.Count == limit)
            {
                break;
            }
        }

        return messages;
    }

    private static QueryDefinition Range(string text, string first, string end) =>
        new QueryDefinition(text).WithParameter("@first", first).WithParameter("@end", end);
}
