using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>The queries over messages: ranges of <c>q</c>, and one of <c>set</c>.</summary>
internal static class QueueRows
{
    public static QueryDefinition Ready(QueueName queue, long now)
    {
        var first = MessageItem.FirstWaiting(queue);
        return Range(CosmosQueries.Messages, first, MessageItem.AfterNow(first, now));
    }

    public static QueryDefinition Poison(QueueName queue, long now)
    {
        var first = MessageItem.FirstLastOut(queue);
        return Range(CosmosQueries.Messages, first, MessageItem.AfterNow(first, now));
    }

    /// <summary>Waiting or held; of those whose last delivery is out, the ones that are still held.</summary>
    public static QueryDefinition CountLive(QueueName queue, long now) =>
        Range(CosmosQueries.CountMessagesOfTwo, MessageItem.FirstWaiting(queue), MessageItem.EndWaiting(queue))
            .WithParameter("@from2", MessageItem.AfterNow(MessageItem.FirstLastOut(queue), now))
            .WithParameter("@end2", MessageItem.EndLastOut(queue));

    public static QueryDefinition CountPoison(QueueName queue, long now)
    {
        var first = MessageItem.FirstLastOut(queue);
        return Range(CosmosQueries.CountMessages, first, MessageItem.AfterNow(first, now));
    }

    public static QueryDefinition SetAfter(long now) => new QueryDefinition(CosmosQueries.MessagesSetLater).WithParameter("@now", now);

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
        new QueryDefinition(text).WithParameter("@from", first).WithParameter("@end", end);
}
