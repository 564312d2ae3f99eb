using System.Collections.Concurrent;
using System.Net;
using Microsoft.Azure.Cosmos;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.CosmosDouble;

public sealed class ChangeFeedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_item_comes_once_in_its_latest_version_and_then_nothing_new()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 5);
        await rig.PutAsync("berta", 5);
        await rig.PutAsync("anna", 1);
        await rig.Items.DeleteItemAsync<Note>("n-001", new PartitionKey("anna"), cancellationToken: Cancellation);

        var (changes, end) = await DrainAsync(Feed(rig, ChangeFeedStartFrom.Beginning(), pageSize: 2));

        Assert.Equal(9, changes.Count);
        Assert.Equal(("anna", "n-000"), (changes[^1].Tenant, changes[^1].Id));
        var (none, _) = await DrainAsync(Feed(rig, ChangeFeedStartFrom.ContinuationToken(end)));
        Assert.Empty(none);
        await rig.PutAsync("carla", 1);
        var (more, _) = await DrainAsync(Feed(rig, ChangeFeedStartFrom.ContinuationToken(end)));
        Assert.Equal("carla", Assert.Single(more).Tenant);
    }

    [Fact]
    public async Task One_partition_s_feed_has_its_own_changes_only()
    {
        await using var rig = await CosmosRig.StartAsync(with: options => options with { Ranges = 3 });
        await rig.PutAsync("anna", 3);
        await rig.PutAsync("berta", 3);

        var (changes, _) = await DrainAsync(Feed(
            rig, ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new PartitionKey("berta")))));

        Assert.Equal(3, changes.Count);
        Assert.All(changes, note => Assert.Equal("berta", note.Tenant));
    }

    [Fact]
    public async Task From_now_on_means_what_is_written_later()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 3);
        var (none, now) = await DrainAsync(Feed(rig, ChangeFeedStartFrom.Now()));

        await rig.PutAsync("berta", 2);
        var (changes, _) = await DrainAsync(Feed(rig, ChangeFeedStartFrom.ContinuationToken(now)));

        Assert.Empty(none);
        Assert.Equal(["berta", "berta"], changes.Select(note => note.Tenant));
    }

    [Fact]
    public async Task A_page_does_not_end_within_a_batch()
    {
        await using var rig = await CosmosRig.StartAsync();
        var batch = rig.Items.CreateTransactionalBatch(new PartitionKey("anna"));
        for (var number = 0; number < 7; number++)
        {
            batch.CreateItem(new Note($"n-{number}", "anna", ""));
        }

        using var done = await batch.ExecuteAsync(Cancellation);
        var page = await Feed(rig, ChangeFeedStartFrom.Beginning(), pageSize: 2).ReadNextAsync(Cancellation);

        Assert.Equal(7, page.Count);
    }

    [Fact]
    public async Task A_feed_over_ranges_goes_on_through_a_split()
    {
        await using var rig = await CosmosRig.StartAsync(with: options => options with { Ranges = 2 });
        for (var tenant = 0; tenant < 20; tenant++)
        {
            await rig.PutAsync($"tenant-{tenant}", 2);
        }

        var feed = Feed(rig, ChangeFeedStartFrom.Beginning(), pageSize: 4);
        var first = await feed.ReadNextAsync(Cancellation);
        rig.Server.Split("practice", "items", "0");
        rig.Server.Split("practice", "items", "1");
        var (rest, _) = await DrainAsync(feed);

        var all = first.Concat(rest).Select(note => (note.Tenant, note.Id)).ToList();
        Assert.Equal(40, all.Count);
        Assert.Equal(40, all.Distinct().Count());
    }

    [Fact]
    public async Task The_sdk_s_own_processor_sees_every_change_also_after_a_split()
    {
        await using var rig = await CosmosRig.StartAsync(with: options => options with { Ranges = 2 });
        var leases = (await rig.Database.CreateContainerAsync("leases", "/id", cancellationToken: Cancellation)).Container;
        var seen = new ConcurrentDictionary<(string, string), bool>();
        var processor = rig.Items.GetChangeFeedProcessorBuilder<Note>("outbox", (changes, _) =>
            {
                foreach (var note in changes)
                {
                    seen[(note.Tenant, note.Id)] = true;
                }

                return Task.CompletedTask;
            })
            .WithInstanceName("one")
            .WithLeaseContainer(leases)
            .WithPollInterval(TimeSpan.FromMilliseconds(20))
            .WithLeaseConfiguration(acquireInterval: TimeSpan.FromMilliseconds(200))
            .WithStartTime(DateTime.UnixEpoch)
            .Build();

        await processor.StartAsync();
        await FillAsync(0);
        await Deadline.UntilAsync(() => seen.Count == 10, Cancellation);
        rig.Server.Split("practice", "items", "0");
        await FillAsync(10);
        await Deadline.UntilAsync(() => seen.Count == 20, Cancellation);
        await processor.StopAsync();

        async Task FillAsync(int from)
        {
            for (var tenant = from; tenant < from + 10; tenant++)
            {
                await rig.PutAsync($"tenant-{tenant}", 1);
            }
        }
    }

    private static FeedIterator<Note> Feed(CosmosRig rig, ChangeFeedStartFrom from, int? pageSize = null) =>
        rig.Items.GetChangeFeedIterator<Note>(
            from, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions { PageSizeHint = pageSize });

    private static async Task<(List<Note> Changes, string Continuation)> DrainAsync(FeedIterator<Note> feed)
    {
        var changes = new List<Note>();
        while (true)
        {
            var page = await feed.ReadNextAsync(Cancellation);
            if (page.StatusCode == HttpStatusCode.NotModified)
            {
                return (changes, page.ContinuationToken);
            }

            changes.AddRange(page);
        }
    }
}
