using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble.State;

namespace PracticPro.Tests.CosmosDouble;

/// <summary>The documented points of the meter; what lies between them is estimated.</summary>
public sealed class ChargeTests
{
    private static readonly PartitionKey Anna = new("anna");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500, 1, 5)]
    [InlineData(100 * 1024 - 250, 10, 50)]
    public async Task Reads_and_writes_cost_what_is_documented(int length, double read, double write)
    {
        await using var rig = await StartAsync();

        var written = await rig.Items.CreateItemAsync(new Note("a", "anna", new string('x', length)), Anna, cancellationToken: Cancellation);
        var found = await rig.Items.ReadItemAsync<Note>("a", Anna, cancellationToken: Cancellation);

        Assert.Equal(read, found.RequestCharge, tolerance: 0.05);
        Assert.InRange(written.RequestCharge, write - 0.05, write + 2);
    }

    [Fact]
    public async Task A_read_costs_twice_where_it_asks_two_replicas()
    {
        await using var rig = await CosmosRig.StartAsync(
            with: options => options with { Consistency = ReadConsistency.BoundedStaleness });
        await rig.PutAsync("anna", 1);

        var read = await rig.Items.ReadItemAsync<Note>("n-000", Anna, cancellationToken: Cancellation);

        Assert.Equal(2, read.RequestCharge);
    }

    [Fact]
    public async Task A_replacement_costs_two_writes()
    {
        await using var rig = await StartAsync();

        var created = await rig.Items.CreateItemAsync(new Note("a", "anna", "1"), Anna, cancellationToken: Cancellation);
        var replaced = await rig.Items.ReplaceItemAsync(new Note("a", "anna", "2"), "a", Anna, cancellationToken: Cancellation);

        Assert.Equal(2 * created.RequestCharge, replaced.RequestCharge, tolerance: 0.01);
    }

    [Fact]
    public async Task A_query_costs_what_is_documented_of_one_item()
    {
        await using var rig = await StartAsync();
        await rig.Items.CreateItemAsync(new Note("a", "anna", new string('x', 9_700)), Anna, cancellationToken: Cancellation);

        var page = await QueryTests.Query<Note>(rig, "SELECT * FROM c WHERE c.id = 'a'").ReadNextAsync(Cancellation);

        Assert.Equal(3.19, page.RequestCharge, tolerance: 0.03);
    }

    [Fact]
    public async Task A_batch_costs_what_its_operations_cost()
    {
        await using var rig = await StartAsync();

        var alone = await rig.Items.CreateItemAsync(new Note("b", "anna", "1"), Anna, cancellationToken: Cancellation);
        using var answer = await rig.Items.CreateTransactionalBatch(Anna)
            .CreateItem(new Note("a", "anna", "1"))
            .ReadItem("a")
            .ExecuteAsync(Cancellation);

        Assert.Equal(alone.RequestCharge + 1, answer.RequestCharge, tolerance: 0.05);
    }

    private static Task<CosmosRig> StartAsync() =>
        CosmosRig.StartAsync(with: options => options with { Consistency = ReadConsistency.Session });
}
