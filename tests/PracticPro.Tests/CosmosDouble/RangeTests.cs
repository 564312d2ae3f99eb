using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.Tests.CosmosDouble;

public sealed class RangeTests
{
    private const int Tenants = 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Ranges_cover_the_ring_also_after_splits()
    {
        var map = RangeMap.Even(3).Split("1").Split("4");

        Assert.Equal(["0", "3", "5", "6", "2"], map.Current.Select(range => range.Id));
        Assert.Equal(EffectivePartitionKey.Lowest, map.Current[0].Min);
        Assert.Equal(EffectivePartitionKey.Highest, map.Current[^1].Max);
        Assert.All(map.Current.Zip(map.Current.Skip(1)), pair => Assert.Equal(pair.First.Max, pair.Second.Min));
        Assert.Equal(["1", "4"], map.Find("6")!.Parents);
    }

    [Fact]
    public async Task A_query_over_all_ranges_finds_every_row_once()
    {
        await using var rig = await FilledAsync(ranges: 4);

        var (rows, _) = await CosmosRig.AllAsync(rig.Items.GetItemQueryIterator<Note>(
            "SELECT * FROM c WHERE c.number = 1", requestOptions: new QueryRequestOptions { MaxItemCount = 3 }));

        Assert.Equal(Tenants, rows.Select(note => note.Tenant).Distinct().Count());
        Assert.Equal(Tenants, rows.Count);
    }

    [Fact]
    public async Task Reading_all_and_reading_many_go_over_all_ranges()
    {
        await using var rig = await FilledAsync(ranges: 4);

        var (rows, _) = await CosmosRig.AllAsync(rig.Items.GetItemQueryIterator<Note>());
        var many = await rig.Items.ReadManyItemsAsync<Note>(
            [.. Enumerable.Range(0, Tenants).Select(tenant => ("n-001", new PartitionKey($"tenant-{tenant}")))],
            cancellationToken: Cancellation);

        Assert.Equal(2 * Tenants, rows.Count);
        Assert.Equal(Tenants, many.Count);
    }

    [Fact]
    public async Task A_client_that_holds_an_old_map_is_told_and_finds_its_way()
    {
        await using var rig = await FilledAsync(ranges: 1);
        var query = rig.Items.GetItemQueryIterator<Note>(
            "SELECT * FROM c WHERE c.number = 1", requestOptions: new QueryRequestOptions { MaxItemCount = 5 });
        var first = await query.ReadNextAsync(Cancellation);

        rig.Server.Split("practice", "items", "0");
        rig.Server.Split("practice", "items", "1");
        var (rest, _) = await CosmosRig.AllAsync(query);

        Assert.Equal(Tenants, first.Concat(rest).Select(note => note.Tenant).Distinct().Count());
        Assert.Equal(Tenants, first.Count + rest.Count);
        Assert.Contains(rig.Server.Requests.Served, request => request is { Status: 410, SubStatus: Refusal.RangeIsGone });
    }

    [Fact]
    public async Task One_partition_is_read_and_written_on_through_a_split()
    {
        await using var rig = await FilledAsync(ranges: 1);
        var key = new PartitionKey("tenant-3");
        var ordered = rig.Items.GetItemQueryIterator<Note>(
            "SELECT * FROM c ORDER BY c.number", requestOptions: new QueryRequestOptions { PartitionKey = key, MaxItemCount = 1 });
        var first = await ordered.ReadNextAsync(Cancellation);

        rig.Server.Split("practice", "items", "0");
        await rig.Items.UpsertItemAsync(new Note("n-002", "tenant-3", "", 2), key, cancellationToken: Cancellation);
        var (rest, _) = await CosmosRig.AllAsync(ordered);

        Assert.Equal([0, 1, 2], first.Concat(rest).Select(note => note.Number));
    }

    [Fact]
    public async Task A_hierarchical_key_is_read_whole_and_by_its_beginning()
    {
        await using var rig = await CosmosRig.StartAsync(
            with: options => options with { Ranges = 4 },
            items: new ContainerProperties("items", ["/tenant", "/text"]));
        foreach (var (tenant, text) in new[] { ("anna", "x"), ("anna", "y"), ("berta", "x") })
        {
            await rig.Items.CreateItemAsync(
                new Note("a", tenant, text), new PartitionKeyBuilder().Add(tenant).Add(text).Build(), cancellationToken: Cancellation);
        }

        var read = await rig.Items.ReadItemAsync<Note>(
            "a", new PartitionKeyBuilder().Add("anna").Add("y").Build(), cancellationToken: Cancellation);
        var (rows, _) = await CosmosRig.AllAsync(rig.Items.GetItemQueryIterator<Note>(
            "SELECT * FROM c", requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKeyBuilder().Add("anna").Build() }));

        Assert.Equal("y", read.Resource.Text);
        Assert.Equal(["x", "y"], rows.Select(note => note.Text).Order());
    }

    private static async Task<CosmosRig> FilledAsync(int ranges)
    {
        var rig = await CosmosRig.StartAsync(with: options => options with { Ranges = ranges });
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            await rig.PutAsync($"tenant-{tenant}", 2);
        }

        return rig;
    }
}
