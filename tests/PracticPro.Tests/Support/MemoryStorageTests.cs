using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Support;

/// <summary>The memory storage keeps what the ports promise, or tests that stand on it prove nothing.</summary>
public sealed class MemoryStorageTests
{
    private static readonly DocumentKind Kind = DocumentKind.Of("thing", "order");
    private static readonly QueueName Work = new("work");
    private static readonly LogName Log = new("log");
    private static readonly LeaseName Door = new("door");

    private readonly FakeClock clock = new();
    private readonly ITenantStorage tenant;

    public MemoryStorageTests() => tenant = new MemoryStorage(clock).For(TenantId.Parse("test-a"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_that_loses_writes_nothing()
    {
        await CommitAsync(Put("a", "1", Condition.Absent));

        var outcome = await tenant.Documents.CommitAsync(
            new Batch([
                Put("b", "2", Condition.Absent),
                new Operation.Append(Log, new byte[] { 1 }),
                Put("a", "3", Condition.Absent)]),
            Cancellation);

        Assert.Equal(new CommitOutcome.Lost(2), outcome);
        Assert.Null(await tenant.Documents.FindAsync(Kind.Key("b"), Cancellation));
        Assert.Equal(0, await tenant.Logs.CountAsync(Log, Cancellation));
    }

    [Fact]
    public async Task An_older_version_neither_overwrites_nor_deletes()
    {
        var first = (await CommitAsync(Put("a", "1", Condition.Absent))).Versions[Kind.Key("a")];
        await CommitAsync(Put("a", "2", Condition.Is(first)));

        Operation[] late = [Put("a", "3", Condition.Is(first)), new Operation.Delete(Kind.Key("a"), Condition.Is(first))];

        foreach (var operation in late)
        {
            Assert.IsType<CommitOutcome.Lost>(await tenant.Documents.CommitAsync(new Batch([operation]), Cancellation));
        }
    }

    [Theory]
    [InlineData(false, "b,c,a,d")]
    [InlineData(true, "d,a,c,b")]
    public async Task A_list_goes_by_value_then_id_and_on_from_its_cursor(bool backwards, string expected)
    {
        var order = backwards ? ListOrder.Descending : ListOrder.Ascending;
        await CommitAsync(Put("a", "x2"), Put("b", "x1"), Put("c", "x1"), Put("d", "x3"), Put("e", "y"), Put("f", null));
        var ids = new List<string>();
        Cursor? after = null;
        do
        {
            var page = await tenant.Documents.ListAsync(new ListQuery(Kind, "order", "x", order, 1, after), Cancellation);
            ids.AddRange(page.Items.Select(stored => stored.Document.Key.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(expected, string.Join(',', ids));
    }

    [Fact]
    public async Task Another_lists_cursor_and_an_undeclared_index_are_refused()
    {
        await CommitAsync(Put("a", "x1"), Put("b", "x2"));
        var page = await tenant.Documents.ListAsync(new ListQuery(Kind, "order", "x", Limit: 1), Cancellation);

        ListQuery[] wrong = [new(Kind, "order", "", After: page.Next), new(Kind, "name")];

        foreach (var query in wrong)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await tenant.Documents.ListAsync(query, Cancellation));
        }
    }

    [Fact]
    public async Task A_repeated_message_is_dropped_for_seven_days()
    {
        await CommitAsync(new Operation.Enqueue(Work, new QueueMessage(new byte[] { 1 }, "once")));
        await CommitAsync(new Operation.Enqueue(Work, new QueueMessage(new byte[] { 1 }, "once")));
        Assert.Equal(1, await tenant.Queue.CountAsync(Work, Cancellation));

        clock.Advance(TimeSpan.FromDays(7));
        await CommitAsync(new Operation.Enqueue(Work, new QueueMessage(new byte[] { 1 }, "once")));
        Assert.Equal(2, await tenant.Queue.CountAsync(Work, Cancellation));
    }

    [Fact]
    public async Task A_message_handed_out_five_times_is_poison_until_replayed()
    {
        await CommitAsync(new Operation.Enqueue(Work, new QueueMessage(new byte[] { 1 })));
        for (var delivery = 1; delivery <= IQueue.MaximumDeliveries; delivery++)
        {
            Assert.Equal(delivery, Assert.Single(await ReceiveAsync()).Deliveries);
            Assert.Empty(await ReceiveAsync());
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(await ReceiveAsync());
        Assert.Equal(1, await tenant.Queue.CountPoisonAsync(Work, Cancellation));
        Assert.Equal(1, await tenant.Queue.ReplayPoisonAsync(Work, Cancellation));
        Assert.Equal(1, Assert.Single(await ReceiveAsync()).Deliveries);
    }

    [Fact]
    public async Task An_earlier_deliverys_receipt_is_worth_nothing()
    {
        await CommitAsync(new Operation.Enqueue(Work, new QueueMessage(new byte[] { 1 })));
        var first = Assert.Single(await ReceiveAsync());
        clock.Advance(TimeSpan.FromMinutes(1));
        var second = Assert.Single(await ReceiveAsync());

        Assert.False(await tenant.Queue.CompleteAsync(Work, first.Receipt, Cancellation));
        Assert.True(await tenant.Queue.ReleaseAsync(Work, second.Receipt, TimeSpan.Zero, Cancellation));
        Assert.True(await tenant.Queue.CompleteAsync(Work, Assert.Single(await ReceiveAsync()).Receipt, Cancellation));
    }

    [Fact]
    public async Task A_lease_ends_by_itself_and_its_fence_grows()
    {
        var first = Assert.IsType<LeaseOutcome.Granted>(await AcquireAsync()).Lease;
        Assert.IsType<LeaseOutcome.Taken>(await AcquireAsync());

        clock.Advance(TimeSpan.FromMinutes(1));
        var second = Assert.IsType<LeaseOutcome.Granted>(await AcquireAsync()).Lease;

        Assert.True(second.Fence > first.Fence);
        Assert.Null(await tenant.Leases.RenewAsync(first, TimeSpan.FromMinutes(1), Cancellation));
        Assert.NotNull(await tenant.Leases.RenewAsync(second, TimeSpan.FromMinutes(1), Cancellation));
    }

    [Fact]
    public void Timers_fire_in_order_each_at_its_own_time()
    {
        var fired = new List<(string Name, TimeSpan At)>();
        var start = clock.GetUtcNow();
        using var late = clock.CreateTimer(_ => fired.Add(("late", clock.GetUtcNow() - start)), null, Seconds(3), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(_ => fired.Add(("often", clock.GetUtcNow() - start)), null, Seconds(2), Seconds(2));

        clock.Advance(Seconds(5));

        Assert.Equal([("often", Seconds(2)), ("late", Seconds(3)), ("often", Seconds(4))], fired);
        Assert.Equal(Seconds(5), clock.GetUtcNow() - start);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static Operation.Put Put(string id, string? order, Condition? condition = null) =>
        new(
            new Document(
                Kind.Key(id),
                new byte[] { 7 },
                order is null
                    ? ImmutableDictionary<string, string>.Empty
                    : ImmutableDictionary<string, string>.Empty.Add("order", order)),
            condition ?? Condition.Any);

    private async Task<CommitOutcome.Committed> CommitAsync(params Operation[] operations) =>
        Assert.IsType<CommitOutcome.Committed>(await tenant.Documents.CommitAsync(new Batch(operations), Cancellation));

    private async Task<IReadOnlyList<QueueDelivery>> ReceiveAsync() =>
        await tenant.Queue.ReceiveAsync(Work, 10, TimeSpan.FromMinutes(1), Cancellation);

    private ValueTask<LeaseOutcome> AcquireAsync() =>
        tenant.Leases.AcquireAsync(Door, TimeSpan.FromMinutes(1), Cancellation);
}
