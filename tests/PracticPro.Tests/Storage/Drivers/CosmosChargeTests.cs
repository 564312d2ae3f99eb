using System.Collections.Immutable;
using PracticPro.Storage;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>
/// What each call of the ports costs, so that a change that makes one dearer shows. The double reckons by the documented
/// points of the service's prices; at Bounded Staleness, which the account is at, a read is twice what it is at
/// Session.
/// </summary>
public sealed class CosmosChargeTests : IAsyncLifetime
{
    private const string Most = """
        find a document: 2.0
        find nothing: 2.0
        find 30 documents of which 10 are there: 6.7
        list 10 documents: 10.9
        walk 10 documents: 10.9
        put a document: 7.1
        replace a document: 12.1
        put a document, a log entry and a message: 19.1
        put a message that is a repeat: 2.0
        lose a batch: 5.0
        read 10 log entries: 7.3
        count a log: 5.8
        receive 10 messages: 113.2
        receive nothing: 5.7
        complete a message: 14.0
        count a queue: 5.7
        acquire a lease: 9.0
        find a lease taken: 2.0
        """;

    private static readonly DocumentKind Note = DocumentKind.Of("note", "due", "state");
    private static readonly LogName Log = new("log");
    private static readonly QueueName Outbox = new("outbox");
    private readonly CosmosStore store = new()
    {
        Options = new() { CreateMissing = true, PlacementLifetime = TimeSpan.FromMinutes(10) },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ITenantStorage Tenant => store.Storage.For(Changes.Tenant);

    public ValueTask InitializeAsync() => store.OpenCleanAsync();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Each_call_costs_no_more_than_the_table_says()
    {
        for (var at = 0; at < 20; at++)
        {
            await CommitAsync(Put($"n{at:D2}", Condition.Absent), Append(), Enqueue($"k{at}"));
        }

        Dictionary<string, double> units = new()
        {
            ["find a document"] = await CostAsync(() => Tenant.Documents.FindAsync(Note.Key("n01"), Cancellation).AsTask()),
            ["find nothing"] = await CostAsync(() => Tenant.Documents.FindAsync(Note.Key("x"), Cancellation).AsTask()),
            ["find 30 documents of which 10 are there"] = await CostAsync(() => Tenant.Documents.FindManyAsync(
                [.. Enumerable.Range(10, 30).Select(static at => Note.Key($"n{at:D2}"))], Cancellation).AsTask()),
            ["list 10 documents"] = await CostAsync(
                () => Tenant.Documents.ListAsync(new ListQuery(Note, "due", Limit: 10), Cancellation).AsTask()),
            ["walk 10 documents"] = await CostAsync(() => Tenant.Documents.WalkAsync(null, 10, Cancellation).AsTask()),
            ["put a document"] = await CostAsync(() => CommitAsync(Put("new", Condition.Absent))),
            ["replace a document"] = await CostAsync(() => CommitAsync(Put("new", Condition.Any))),
            ["put a document, a log entry and a message"] = await CostAsync(
                () => CommitAsync(Put("with", Condition.Absent), Append(), Enqueue("with"))),
            ["put a message that is a repeat"] = await CostAsync(() => CommitAsync(Enqueue("with"))),
            ["lose a batch"] = await CostAsync(async () => Assert.IsType<CommitOutcome.Lost>(
                await Tenant.Documents.CommitAsync(new Batch([Put("new", Condition.Absent)]), Cancellation))),
            ["read 10 log entries"] = await CostAsync(() => Tenant.Logs.ReadAsync(Log, 3, 10, Cancellation).AsTask()),
            ["count a log"] = await CostAsync(() => Tenant.Logs.CountAsync(Log, Cancellation).AsTask()),
            ["receive 10 messages"] = await CostAsync(() => ReceiveAsync(10)),
            ["receive nothing"] = await CostAsync(
                () => Tenant.Queue.ReceiveAsync(new QueueName("other"), 10, TimeSpan.FromMinutes(1), Cancellation).AsTask()),
            ["complete a message"] = await CostOfAsync(
                ReceiveAsync(1), got => Tenant.Queue.CompleteAsync(Outbox, got[0].Receipt, Cancellation).AsTask()),
            ["count a queue"] = await CostAsync(() => Tenant.Queue.CountAsync(Outbox, Cancellation).AsTask()),
            ["acquire a lease"] = await CostAsync(() => AcquireAsync()),
            ["find a lease taken"] = await CostAsync(() => AcquireAsync()),
        };

        var most = Most.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(':'))
            .ToDictionary(static row => row[0].Trim(), static row => double.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture));
        var report = string.Join('\n', units.Select(static row => FormattableString.Invariant($"{row.Key}: {row.Value:0.0}")));
        Assert.Equal(most.Keys.Order(), units.Keys.Order());
        Assert.True(units.All(row => row.Value <= most[row.Key] + 0.1), report);
    }

    private static Operation.Put Put(string id, Condition condition) => new(
        new Document(
            Note.Key(id),
            new byte[600],
            ImmutableDictionary<string, string>.Empty.Add("due", "2027-03-02").Add("state", "open")),
        condition);

    private static Operation.Append Append() => new(Log, new byte[400]);

    private static Operation.Enqueue Enqueue(string key) => new(Outbox, new QueueMessage(new byte[60], key));

    private async Task CommitAsync(params Operation[] operations) => Assert.IsType<CommitOutcome.Committed>(
        await Tenant.Documents.CommitAsync(new Batch(operations), Cancellation));

    private async Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(int limit) =>
        await Tenant.Queue.ReceiveAsync(Outbox, limit, TimeSpan.FromMinutes(1), Cancellation);

    private async Task<LeaseOutcome> AcquireAsync() =>
        await Tenant.Leases.AcquireAsync(new LeaseName("send"), TimeSpan.FromMinutes(1), Cancellation);

    private async Task<double> CostOfAsync<T>(Task<T> before, Func<T, Task> call)
    {
        var got = await before;
        return await CostAsync(() => call(got));
    }

    private async Task<double> CostAsync(Func<Task> call)
    {
        var before = store.Server.Requests.Charge;
        await call();
        return Math.Round(store.Server.Requests.Charge - before, 1);
    }
}
