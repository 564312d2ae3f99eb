namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Turns a batch into items, none of them twice and at most one for each operation: a document each; for each log one chunk
/// of all its entries; a message each, but for repeats. What the plan rests on was looked up: where logs go on, which keys
/// were seen, whether what may be missing is there. If it has changed by the time of the write, the write is refused and a
/// new plan is made.
/// </summary>
internal sealed class PlanBatch(TenantPartition partition, LogHeads heads, Batch batch, WriteId write)
{
    private readonly Dictionary<int, string> namesOfMessages = [];

    public async ValueTask<BatchPlan> RunAsync(CancellationToken cancellation)
    {
        var now = partition.Now;
        var firsts = await FirstsAsync(cancellation);
        var found = await LookAsync(now, cancellation);
        var writes = new List<PlannedWrite>(batch.Operations.Length);
        var indexes = new List<long>();
        var next = new Dictionary<LogName, long>(firsts);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        int? chunk = null;
        int? message = null;
        int? lost = null;
        for (var at = 0; at < batch.Operations.Length; at++)
        {
            switch (batch.Operations[at])
            {
                case Operation.Put put:
                    writes.Add(new PlannedWrite(Write(put), at, put.Condition is not Condition.Nothing));
                    break;
                case Operation.Delete { Condition: Condition.MustBe must } delete:
                    writes.Add(new PlannedWrite(
                        new ItemWrite.Delete(ItemName.Document(delete.Key), must.Version.Text), at, IsCondition: true));
                    break;
                case Operation.Delete { Condition: Condition.Nothing } delete:
                    if (found.ContainsKey(ItemName.Document(delete.Key)))
                    {
                        writes.Add(new PlannedWrite(new ItemWrite.Delete(ItemName.Document(delete.Key)), at, IsCondition: false));
                    }

                    break;
                case Operation.Delete delete:
                    // That there is none: then nothing is to be done, and otherwise the batch is lost.
                    lost ??= found.ContainsKey(ItemName.Document(delete.Key)) ? at : null;
                    break;
                case Operation.Append append:
                    if (next[append.Log] == firsts[append.Log])
                    {
                        chunk ??= writes.Count;
                        writes.Add(new PlannedWrite(WriteChunk(append.Log, firsts[append.Log]), at, IsCondition: false));
                    }

                    indexes.Add(next[append.Log]++);
                    break;
                case Operation.Enqueue enqueue when Write(enqueue, at, now, found, keys) is { } item:
                    message ??= item is ItemWrite.Create ? writes.Count : null;
                    writes.Add(new PlannedWrite(item, at, IsCondition: false));
                    break;
            }
        }

        return new BatchPlan(writes, next, indexes, chunk ?? message, lost);
    }

    private ItemWrite Write(Operation.Put put)
    {
        var name = ItemName.Document(put.Document.Key);
        var text = DocumentItem.Write(partition.Tenant, put.Document, write);
        return put.Condition switch
        {
            Condition.MustBeAbsent => new ItemWrite.Create(name, text),
            Condition.MustBe must => new ItemWrite.Replace(name, text, must.Version.Text),
            _ => new ItemWrite.Upsert(name, text),
        };
    }

    private ItemWrite.Create WriteChunk(LogName log, long first)
    {
        var entries = batch.Operations.OfType<Operation.Append>()
            .Where(append => append.Log == log)
            .Select(static append => append.Entry)
            .ToList();
        return new ItemWrite.Create(
            ItemName.Chunk(log, first), LogChunk.Write(partition.Tenant, log, first, entries, write));
    }

    // Null when it is a repeat and there is nothing to write for it.
    private ItemWrite? Write(
        Operation.Enqueue enqueue, int at, long now, Dictionary<string, StoredItem> found, HashSet<string> keys)
    {
        var name = NameOf(enqueue, at);
        if (!keys.Add(name))
        {
            return null;
        }

        var fresh = new MessageItem(
            name,
            enqueue.Queue,
            now,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{now:D15}{at:D3}"),
            now,
            0,
            enqueue.Message.Body.ToArray(),
            write.Text,
            SeenAt: enqueue.Message.DeduplicationKey is null ? null : now);
        if (!found.TryGetValue(name, out var stored))
        {
            return new ItemWrite.Create(name, fresh.Write(partition.Tenant, write));
        }

        var seen = stored.OptionalNumber("s") ?? now;
        return MessageItem.IsRemembered(seen, now)
            ? seen > now ? SeenNow(stored, now) : null
            : new ItemWrite.Replace(name, fresh.Write(partition.Tenant, write), stored.Version);
    }

    // Seen in the future: the clock was set back. It is still a repeat, but the 7 days count from now, or the key would be
    // remembered for as long as the clock was wrong.
    private ItemWrite.Replace SeenNow(StoredItem stored, long now)
    {
        var text = stored.Kind == MessageItem.Kind
            ? (MessageItem.Read(stored) with { SeenAt = now }).Write(partition.Tenant, write)
            : MessageItem.Mark(partition.Tenant, stored.Id, stored.Text("c"), now, write, now);
        return new ItemWrite.Replace(stored.Id, text, stored.Version);
    }

    // The same name each time the plan is made: a message that went through under it is met again.
    private string NameOf(Operation.Enqueue enqueue, int at)
    {
        if (!namesOfMessages.TryGetValue(at, out var name))
        {
            name = enqueue.Message.DeduplicationKey is { } key
                ? ItemName.Message(enqueue.Queue, key)
                : ItemName.NewMessage(enqueue.Queue);
            namesOfMessages[at] = name;
        }

        return name;
    }

    private async ValueTask<Dictionary<LogName, long>> FirstsAsync(CancellationToken cancellation)
    {
        var firsts = new Dictionary<LogName, long>();
        foreach (var log in batch.Operations.OfType<Operation.Append>().Select(static append => append.Log).Distinct())
        {
            firsts[log] = heads.Find(partition.Tenant, log)
                ?? await CosmosAppendLog.NextAsync(partition, log, cancellation);
        }

        return firsts;
    }

    /// <summary>The items there are, of those whose being there matters and is not itself written on a condition.</summary>
    private async ValueTask<Dictionary<string, StoredItem>> LookAsync(long now, CancellationToken cancellation)
    {
        var names = batch.Operations
            .Select((operation, at) => operation switch
            {
                Operation.Delete { Condition: not Condition.MustBe } delete => ItemName.Document(delete.Key),
                Operation.Enqueue { Message.DeduplicationKey: not null } enqueue => NameOf(enqueue, at),
                _ => null,
            })
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToList();
        while (true)
        {
            var items = (await partition.ReadAsync(names, cancellation)).OfType<StoredItem>().ToList();
            var inTheWay = items.Where(item => IsInTheWay(item, now)).ToList();
            if (inTheWay.Count == 0)
            {
                return items.ToDictionary(static item => item.Id, StringComparer.Ordinal);
            }

            foreach (var item in inTheWay)
            {
                await MoveAsideAsync(MessageItem.Read(item), cancellation);
            }
        }
    }

    // A message that still waits although its key is forgotten: the name is needed for the next one with that key.
    private static bool IsInTheWay(StoredItem item, long now) =>
        item.Kind == MessageItem.Kind && item.OptionalNumber("s") is { } seen && !MessageItem.IsRemembered(seen, now);

    // It keeps its place on the queue. Whoever holds it finds the receipt worthless, and it is handed out again.
    private async ValueTask MoveAsideAsync(MessageItem message, CancellationToken cancellation)
    {
        var move = WriteId.New();
        var moved = message with { Name = ItemName.NewMessage(message.Queue), SeenAt = null };
        await partition.WriteAsync(
            new PartitionWrite(
                move,
                [
                    new ItemWrite.Create(moved.Name, moved.Write(partition.Tenant, move)),
                    new ItemWrite.Delete(message.Name, message.Version),
                ],
                Witness: 0),
            cancellation);
    }
}
