using System.Buffers;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// One tenant's queues. A message changes hands by a conditional replace of its item: of two that try, one finds that it is
/// no longer at the version that was read. A receipt is a random word and the item's name; the word is in the item until it
/// is handed out again.
/// </summary>
internal sealed class CosmosQueue(TenantPartition partition, QueueClocks clocks, CosmosCalls calls) : IQueue
{
    private const int Rounds = 12;

    // A transactional batch without its gate.
    private const int MostAtOnce = Batch.MaximumOperations;

    public TenantId Tenant => partition.Tenant;

    public async ValueTask<IReadOnlyList<QueueDelivery>> ReceiveAsync(
        QueueName queue, int limit, TimeSpan hold, CancellationToken cancellation)
    {
        StorageLimits.CheckName(queue.Text, "queue name");
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var holdFor = Milliseconds.Positive(hold);
        using var turn = await clocks.EnterAsync(Tenant, cancellation);
        await clocks.NoticeAsync(partition, cancellation);
        var got = new List<QueueDelivery>();
        for (var round = 1; round <= Rounds && got.Count < limit; round++)
        {
            var now = partition.Now;
            var ready = await QueueRows.ReadAsync(
                partition, QueueRows.Ready(queue, now), Math.Min(limit - got.Count, MostAtOnce), cancellation);
            if (ready.Count == 0)
            {
                break;
            }

            var taken = await new HandOut(partition, now, now + holdFor).RunAsync(ready, cancellation);
            got.AddRange(taken);
            if (taken.Count < ready.Count)
            {
                // Others are at it. Not all again at the same moment.
                await calls.PauseAsync(1, cancellation);
            }
        }

        return got;
    }

    public ValueTask<bool> CompleteAsync(QueueName queue, string receipt, CancellationToken cancellation) =>
        ChangeAsync(
            queue,
            receipt,
            (message, write) => message.Mark(Tenant, write, partition.Now),
            cancellation);

    public async ValueTask<bool> ReleaseAsync(
        QueueName queue, string receipt, TimeSpan delay, CancellationToken cancellation)
    {
        var wait = Milliseconds.NotNegative(delay);
        await clocks.NoticeAsync(partition, cancellation);
        return await ChangeAsync(
            queue,
            receipt,
            (message, write) => (message with
            {
                Receipt = null,
                SetAt = partition.Now,

                // After the last delivery it is poison at once, and stays so whatever becomes of the clock.
                VisibleAt = message.IsLastOut ? 0 : partition.Now + wait,
            }).Write(Tenant, write),
            cancellation);
    }

    public ValueTask<long> CountAsync(QueueName queue, CancellationToken cancellation)
    {
        StorageLimits.CheckName(queue.Text, "queue name");
        return partition.CountAsync(QueueRows.CountLive(queue, partition.Now), cancellation);
    }

    public ValueTask<long> CountPoisonAsync(QueueName queue, CancellationToken cancellation)
    {
        StorageLimits.CheckName(queue.Text, "queue name");
        return partition.CountAsync(QueueRows.CountPoison(queue, partition.Now), cancellation);
    }

    public async ValueTask<int> ReplayPoisonAsync(QueueName queue, CancellationToken cancellation)
    {
        StorageLimits.CheckName(queue.Text, "queue name");
        await clocks.NoticeAsync(partition, cancellation);
        var replayed = 0;
        while (true)
        {
            var now = partition.Now;
            var some = await QueueRows.ReadAsync(partition, QueueRows.Poison(queue, now), MostAtOnce, cancellation);
            var fresh = 0;
            foreach (var message in some)
            {
                var write = WriteId.New();
                var again = message with { Deliveries = 0, Receipt = null, VisibleAt = now, SetAt = now };
                var text = again.Write(Tenant, write);
                fresh += await partition.WriteAsync(
                    write, new ItemWrite.Replace(message.Name, text, message.Version), cancellation) is null ? 0 : 1;
            }

            replayed += fresh;
            if (fresh == 0)
            {
                return replayed;
            }
        }
    }

    private async ValueTask<bool> ChangeAsync(
        QueueName queue,
        string receipt,
        Func<MessageItem, WriteId, ReadOnlyMemory<byte>> change,
        CancellationToken cancellation)
    {
        if (Receipt.NameIn(queue, receipt) is not { } name)
        {
            return false;
        }

        var write = WriteId.New();
        for (var round = 1; round <= Rounds; round++)
        {
            if (await partition.ReadAsync(name, cancellation) is not { Kind: MessageItem.Kind } item
                || MessageItem.Read(item) is not { } message
                || message.Receipt != receipt)
            {
                return false;
            }

            if (await partition.WriteAsync(
                write, new ItemWrite.Replace(name, change(message, write), message.Version), cancellation) is not null)
            {
                return true;
            }
        }

        throw new StorageUnavailableException("too many write at once");
    }
}

/// <summary><c>{128 bits in hexadecimal}.{item's name}</c></summary>
internal static class Receipt
{
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdef");

    public static string Of(string name) => $"{ItemName.NewText()}.{name}";

    /// <summary>The item's name, or null when this is no receipt of that queue.</summary>
    public static string? NameIn(QueueName queue, string receipt) =>
        receipt.IndexOf('.', StringComparison.Ordinal) is var dot and > 0
        && receipt.AsSpan(dot + 1) is var name
        && name.StartsWith($"m:{queue.Text}:", StringComparison.Ordinal)
        && name[(queue.Text.Length + 3)..] is { Length: > 0 and <= 64 } last
        && last.IndexOfAnyExcept(HexadecimalDigits) < 0
            ? name.ToString()
            : null;
}
