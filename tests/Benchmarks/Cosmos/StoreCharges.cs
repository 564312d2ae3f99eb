using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Benchmarks.Cosmos;

/// <summary>
/// Each operation of the storage ports once, on documents of 600 bytes with two indexed values, log entries of 400 bytes
/// and messages of 60, in a tenant that already has twenty of each. At Bounded Staleness,
/// where a read costs twice what it does at Session.
/// </summary>
internal static class StoreCharges
{
    private const int There = 20;

    private static readonly DocumentKind Note = DocumentKind.Of("note", "due", "state");
    private static readonly LogName Log = new("log");
    private static readonly QueueName Outbox = new("outbox");

    public static async Task<IReadOnlyList<ChargeRow>> MeasureAsync(CancellationToken cancellation)
    {
        await using var store = await ChargedStore.OpenAsync(cancellation);
        var tenant = store.Storage.For(TenantId.New(TimeProvider.System));
        var rows = new List<ChargeRow>();
        for (var at = 0; at < There; at++)
        {
            await CommitAsync(Put($"n{at:D2}", Condition.Absent), Append(), Enqueue($"k{at}"));
        }

        await RowAsync("find-document", 2.5, () => tenant.Documents.FindAsync(Note.Key("n01"), cancellation).AsTask());
        await RowAsync("find-nothing", 2.5, () => tenant.Documents.FindAsync(Note.Key("none"), cancellation).AsTask());
        await RowAsync("list-10", 12, () => tenant.Documents.ListAsync(new ListQuery(Note, "due", Limit: 10), cancellation).AsTask());
        await RowAsync("put-document", 8, () => CommitAsync(Put("new", Condition.Absent)));
        await RowAsync("replace-document", 13.5, () => CommitAsync(Put("new", Condition.Any)));
        await RowAsync("put-append-enqueue", 21, () => CommitAsync(Put("with", Condition.Absent), Append(), Enqueue("with")));
        await RowAsync("lose-batch", 6, () => tenant.Documents.CommitAsync(new Batch([Put("new", Condition.Absent)]), cancellation).AsTask());
        await RowAsync("read-log-10", 8.5, () => tenant.Logs.ReadAsync(Log, 3, 10, cancellation).AsTask());
        await RowAsync("count-log", 6.5, () => tenant.Logs.CountAsync(Log, cancellation).AsTask());
        await RowAsync("receive-10", 120, () => ReceiveAsync(10));
        var held = await ReceiveAsync(2);
        await RowAsync("complete", 15, () => tenant.Queue.CompleteAsync(Outbox, held[0].Receipt, cancellation).AsTask());
        await RowAsync("release", 15, () => tenant.Queue.ReleaseAsync(Outbox, held[1].Receipt, TimeSpan.Zero, cancellation).AsTask());
        await RowAsync("count-queue", 6.5, () => tenant.Queue.CountAsync(Outbox, cancellation).AsTask());
        await RowAsync("acquire-lease", 10, () => AcquireAsync());
        await RowAsync("lease-is-taken", 3, () => AcquireAsync());
        return rows;

        async Task RowAsync(string name, double bound, Func<Task> call) =>
            rows.Add(new ChargeRow(name, bound, await store.CostAsync(call)));

        async Task CommitAsync(params Operation[] operations)
        {
            if (await tenant.Documents.CommitAsync(new Batch(operations), cancellation) is not CommitOutcome.Committed)
            {
                throw new InvalidOperationException("A batch that is to be priced was not carried out.");
            }
        }

        async Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(int limit) =>
            await tenant.Queue.ReceiveAsync(Outbox, limit, TimeSpan.FromMinutes(1), cancellation);

        async Task AcquireAsync() =>
            await tenant.Leases.AcquireAsync(new LeaseName("send"), TimeSpan.FromMinutes(1), cancellation);
    }

    private static Operation.Put Put(string id, Condition condition) => new(
        new Document(
            Note.Key(id),
            new byte[600],
            ImmutableDictionary<string, string>.Empty.Add("due", "2027-03-02").Add("state", "open")),
        condition);

    private static Operation.Append Append() => new(Log, new byte[400]);

    private static Operation.Enqueue Enqueue(string key) => new(Outbox, new QueueMessage(new byte[60], key));
}
