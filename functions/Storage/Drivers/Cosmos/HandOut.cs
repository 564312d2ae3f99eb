namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Takes messages into one receiver's hands: all in one batch; and each by itself when they are too much
/// for one, or one of them has become somebody else's meanwhile.
/// </summary>
internal sealed class HandOut(TenantPartition partition, long now, long until)
{
    public async ValueTask<List<QueueDelivery>> RunAsync(IReadOnlyList<MessageItem> ready, CancellationToken cancellation)
    {
        var fits = ready.Sum(static message => message.Body.Length) <= StorageLimits.MaximumBatchBytes / 2;
        if (fits && await TakeAsync(ready, cancellation) is { } all)
        {
            return all;
        }

        var each = fits && ready.Count == 1
            ? []
            : await Task.WhenAll(ready.Select(async message => await TakeAsync([message], cancellation)));
        return [.. each.OfType<List<QueueDelivery>>().SelectMany(static one => one)];
    }

    private async ValueTask<List<QueueDelivery>?> TakeAsync(
        IReadOnlyList<MessageItem> messages, CancellationToken cancellation)
    {
        var write = WriteId.New();
        var held = messages
            .Select(message => message with
            {
                Deliveries = message.Deliveries + 1,
                Receipt = Receipt.Of(message.Name),
                VisibleAt = until,
                SetAt = now,
            })
            .ToList();
        var writes = held.Select(message =>
            new ItemWrite.Replace(message.Name, message.Write(partition.Tenant, write), message.Version));
        return await partition.WriteAsync(new PartitionWrite(write, [.. writes]), cancellation) is WriteOutcome.Stored
            ? [.. held.Select(message =>
                new QueueDelivery(message.Body, message.Deliveries, Milliseconds.At(until), message.Receipt!))]
            : null;
    }
}
