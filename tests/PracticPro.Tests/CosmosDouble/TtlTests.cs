using System.Net;
using Microsoft.Azure.Cosmos;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.CosmosDouble;

public sealed class TtlTests
{
    private static readonly PartitionKey Anna = new("anna");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_is_gone_from_every_read_when_its_time_is_over()
    {
        var clock = new FakeClock();
        await using var rig = await CosmosRig.StartAsync(clock, items: WithTtl(100));
        await rig.Items.CreateItemAsync(new Note("default", "anna", ""), Anna, cancellationToken: Cancellation);
        await rig.Items.CreateItemAsync(new Note("short", "anna", "", Ttl: 10), Anna, cancellationToken: Cancellation);
        await rig.Items.CreateItemAsync(new Note("ever", "anna", "", Ttl: -1), Anna, cancellationToken: Cancellation);

        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(["default", "short", "ever"], await IdsAsync(rig));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["default", "ever"], await IdsAsync(rig));
        clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(["ever"], await IdsAsync(rig));

        await PointTests.RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReadItemAsync<Note>("short", Anna));
        var again = await rig.Items.CreateItemAsync(new Note("short", "anna", "again"), Anna, cancellationToken: Cancellation);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task A_write_begins_the_time_anew()
    {
        var clock = new FakeClock();
        await using var rig = await CosmosRig.StartAsync(clock, items: WithTtl(100));
        await rig.Items.CreateItemAsync(new Note("a", "anna", "1"), Anna, cancellationToken: Cancellation);

        clock.Advance(TimeSpan.FromSeconds(60));
        await rig.Items.UpsertItemAsync(new Note("a", "anna", "2"), Anna, cancellationToken: Cancellation);
        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(["a"], await IdsAsync(rig));
    }

    [Fact]
    public async Task Where_the_container_says_nothing_no_item_ends()
    {
        var clock = new FakeClock();
        await using var rig = await CosmosRig.StartAsync(clock);
        await rig.Items.CreateItemAsync(new Note("a", "anna", "", Ttl: 10), Anna, cancellationToken: Cancellation);

        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(["a"], await IdsAsync(rig));
    }

    [Fact]
    public async Task A_time_of_zero_is_refused()
    {
        await using var rig = await CosmosRig.StartAsync(items: WithTtl(-1));

        await PointTests.RefusedAsync(
            HttpStatusCode.BadRequest, () => rig.Items.CreateItemAsync(new Note("a", "anna", "", Ttl: 0), Anna));
    }

    private static ContainerProperties WithTtl(int seconds) => new("items", "/tenant") { DefaultTimeToLive = seconds };

    private static async Task<List<string>> IdsAsync(CosmosRig rig) =>
        [.. (await CosmosRig.AllAsync(QueryTests.Query<Note>(rig, "SELECT * FROM c"))).Rows.Select(note => note.Id)];
}
