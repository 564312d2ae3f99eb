using System.Text;
using PracticPro.CosmosDouble.Faults;
using PracticPro.CosmosDouble.Wire;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>The Cosmos driver when the service throttles, fails, or does not say what became of a write.</summary>
public sealed class CosmosFaultTests : IAsyncLifetime
{
    private static readonly FaultMatch Batches = new(RequestKind.Batch);
    private readonly CosmosStore store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => store.OpenCleanAsync();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(408, true)]
    [InlineData(408, false)]
    [InlineData(500, true)]
    [InlineData(500, false)]
    [InlineData(503, true)]
    [InlineData(503, false)]
    [InlineData(449, false)]
    public async Task A_batch_without_a_clear_answer_is_stored_once_and_told_to_be(int status, bool acts)
    {
        await CommitAsync(1);
        var fault = status > 0 ? Fault.Status(status, acts: acts) : acts ? Fault.DropAfter : Fault.DropBefore;
        var rule = store.Server.Faults.Add(Batches, fault, times: 2);

        var outcome = await Changes.CommitAsync(store.Storage, 2);

        Assert.True(rule.Fired > 0);
        Assert.Equal([1], Assert.IsType<CommitOutcome.Committed>(outcome).LogIndexes);
        Assert.Equal([1, 2], await Changes.MustAgreeAsync(store.Storage));
        Assert.Equal(2, await store.Storage.For(Changes.Tenant).Queue.CountAsync(new QueueName("outbox"), Cancellation));
    }

    [Fact]
    public async Task The_versions_of_a_write_whose_answer_was_lost_are_good_for_the_next()
    {
        var documents = store.Storage.For(Changes.Tenant).Documents;
        var key = DocumentKind.Of("plain").Key("x");
        store.Server.Faults.Add(Batches, Fault.DropAfter);
        var first = Assert.IsType<CommitOutcome.Committed>(await documents.CommitAsync(Put(key, Condition.Absent), Cancellation));
        store.Server.Faults.Add(Batches, Fault.DropAfter);
        var second = await documents.CommitAsync(Put(key, Condition.Is(first.Versions[key])), Cancellation);

        var stored = await documents.FindAsync(key, Cancellation);
        Assert.Equal(stored!.Version, Assert.IsType<CommitOutcome.Committed>(second).Versions[key]);
    }

    [Fact]
    public async Task A_stalled_batch_that_comes_late_changes_nothing_any_more()
    {
        var storage = await OpenAsync(store.Options with { Patience = TimeSpan.FromSeconds(1), MaxThrottleWait = TimeSpan.Zero });
        await CommitAsync(1);
        var rule = store.Server.Faults.Add(Batches, Fault.Stall());

        Assert.IsType<CommitOutcome.Committed>(await Changes.CommitAsync(storage, 2));
        rule.Release();
        Assert.IsType<CommitOutcome.Committed>(await Changes.CommitAsync(storage, 3));

        Assert.Equal([1, 2, 3], await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task The_service_s_hint_to_slow_down_is_kept_to_and_its_patience_has_an_end()
    {
        store.Server.Faults.Add(Batches, Fault.TooManyRequests(TimeSpan.FromMilliseconds(20)), times: 3);
        await CommitAsync(1);
        var hasty = await OpenAsync(store.Options with { MaxThrottleWait = TimeSpan.FromMilliseconds(200) });
        store.Server.Faults.Add(Batches, Fault.TooManyRequests(TimeSpan.FromMilliseconds(60)), times: 1000);

        var told = await Assert.ThrowsAsync<StorageUnavailableException>(() => Changes.CommitAsync(hasty, 2));

        Assert.Equal("the service asks to slow down", told.Reason);
        store.Server.Faults.Clear();
        Assert.Equal([1], await Changes.MustAgreeAsync(store.Storage));
        await CommitAsync(2);
    }

    [Fact]
    public async Task Reads_and_lists_get_over_passing_trouble()
    {
        await CommitAsync(1);
        foreach (var kind in new[] { RequestKind.Point, RequestKind.Query })
        {
            store.Server.Faults.Add(new FaultMatch(kind), Fault.Status(503), times: 2);
            store.Server.Faults.Add(new FaultMatch(kind), Fault.DropBefore);
        }

        Assert.Equal([1], await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task A_service_that_stays_silent_is_told_in_a_fixed_phrase()
    {
        await CommitAsync(1);
        store.Server.Faults.Add(new FaultMatch(RequestKind.Point), Fault.Status(503), times: 1000);

        var told = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.Storage
            .For(Changes.Tenant).Documents.FindAsync(DocumentKind.Of("plain").Key("secret-name"), Cancellation));

        Assert.Equal("the service is not available now", told.Reason);
        Assert.DoesNotContain("secret-name", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_that_is_split_in_the_middle_loses_nothing()
    {
        var tenants = Enumerable.Range(0, 6).Select(static at => TenantId.Parse($"practice-{at}")).ToList();
        var writers = tenants.Select(tenant => Task.Run(async () =>
        {
            for (var number = 0; number < 12; number++)
            {
                await store.Storage.For(tenant).Documents.CommitAsync(Changes.Make(number), Cancellation);
            }
        })).ToList();
        foreach (var range in store.Server.Ranges("practicpro", "records"))
        {
            store.Server.Split("practicpro", "records", range);
        }

        await Task.WhenAll(writers);

        Assert.Equal(6, store.Server.Ranges("practicpro", "records").Count);
        foreach (var tenant in tenants)
        {
            Assert.Equal(12, await store.Storage.For(tenant).Logs.CountAsync(new LogName("changes"), Cancellation));
            Assert.Equal(12, await store.Storage.For(tenant).Queue.CountAsync(new QueueName("outbox"), Cancellation));
        }
    }

    [Fact]
    public async Task Two_processes_at_once_on_one_tenant_leave_no_gap_and_no_double()
    {
        var storages = new[] { store.Opened, await store.OpenAnotherAsync() };
        var log = new LogName("log");
        var queue = new QueueName("queue");

        // Each key is put by both.
        var indexes = await Task.WhenAll(storages.SelectMany((storage, who) => Enumerable.Range(0, 3).Select(lane => Task.Run(
            async () =>
            {
                var told = new List<long>();
                for (var number = 0; number < 8; number++)
                {
                    var outcome = await storage.For(Changes.Tenant).Documents.CommitAsync(
                        new Batch([
                            new Operation.Append(log, Encoding.UTF8.GetBytes($"{who}.{lane}.{number}")),
                            new Operation.Enqueue(queue, new QueueMessage("x"u8.ToArray(), $"{lane}.{number}")),
                        ]),
                        Cancellation);
                    told.AddRange(Assert.IsType<CommitOutcome.Committed>(outcome).LogIndexes);
                }

                return told;
            }))));

        Assert.Equal(Enumerable.Range(0, 48).Select(static at => (long)at), indexes.SelectMany(static each => each).Order());
        var tenant = storages[1].For(Changes.Tenant);
        Assert.Equal(48, (await tenant.Logs.ReadAsync(log, 0, 100, Cancellation)).Count);
        Assert.Equal(24, await tenant.Queue.CountAsync(queue, Cancellation));
    }

    [Fact]
    public async Task What_is_missing_or_wrong_at_the_start_is_told_and_nothing_is_made()
    {
        await using var other = store.Make(store.Options with { Database = "other", CreateMissing = false });

        var told = await Assert.ThrowsAsync<CosmosLayoutException>(() => other.VerifyAsync(Cancellation));

        Assert.Contains("container fleet of database other is missing", told.Message, StringComparison.Ordinal);
        Assert.Contains("container records of database other is missing", told.Message, StringComparison.Ordinal);
    }

    private static Batch Put(DocumentKey key, Condition condition) =>
        new([new Operation.Put(new Document(key, "x"u8.ToArray()), condition)]);

    private async Task CommitAsync(int number) =>
        Assert.IsType<CommitOutcome.Committed>(await Changes.CommitAsync(store.Storage, number));

    private async Task<CosmosStorage> OpenAsync(CosmosOptions options)
    {
        var storage = store.Make(options);
        store.Keep(storage);
        await storage.VerifyAsync(Cancellation);
        return storage;
    }
}
