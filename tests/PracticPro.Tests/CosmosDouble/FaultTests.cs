using System.Net;
using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble.Faults;
using PracticPro.CosmosDouble.Wire;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.CosmosDouble;

public sealed class FaultTests
{
    private static readonly PartitionKey Anna = new("anna");
    private static readonly FaultMatch Points = new(RequestKind.Point);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_throttle_says_how_long_to_wait_and_is_over_after_its_number()
    {
        await using var rig = await CosmosRig.StartAsync();
        rig.Server.Faults.Add(Points, Fault.TooManyRequests(TimeSpan.FromMilliseconds(7)), times: 2);

        var refused = await PointTests.RefusedAsync(
            HttpStatusCode.TooManyRequests, () => rig.Items.CreateItemAsync(new Note("a", "anna", ""), Anna));

        Assert.Equal(TimeSpan.FromMilliseconds(7), refused.RetryAfter);
        Assert.Equal(Refusal.TooManyUnits, refused.SubStatusCode);
        var patient = rig.Connect(options => options.MaxRetryAttemptsOnRateLimitedRequests = 3).GetContainer("practice", "items");
        await patient.CreateItemAsync(new Note("a", "anna", ""), Anna, cancellationToken: Cancellation);
        Assert.Equal([429, 429, 201], rig.Server.Requests.Served.Where(one => one.Kind == RequestKind.Point).Select(one => one.Status));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(410)]
    [InlineData(449)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Any_status_can_be_asked_for_and_nothing_is_done(int status)
    {
        await using var rig = await CosmosRig.StartAsync();
        rig.Server.Faults.Add(Points, Fault.Status(status), times: 50);

        await PointTests.RefusedAsync((HttpStatusCode)status, () => rig.Items.CreateItemAsync(new Note("a", "anna", ""), Anna));

        rig.Server.Faults.Clear();
        await PointTests.RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReadItemAsync<Note>("a", Anna));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_connection_leaves_the_write_undone_or_done(bool done)
    {
        await using var rig = await CosmosRig.StartAsync();
        rig.Server.Faults.Add(Points with { Method = "POST" }, done ? Fault.DropAfter : Fault.DropBefore, times: 10);

        await Assert.ThrowsAnyAsync<Exception>(
            () => rig.Items.CreateItemAsync(new Note("a", "anna", ""), Anna, cancellationToken: Cancellation));

        using var found = await rig.Items.ReadItemStreamAsync("a", Anna, cancellationToken: Cancellation);
        Assert.Equal(done ? HttpStatusCode.OK : HttpStatusCode.NotFound, found.StatusCode);
    }

    [Fact]
    public async Task A_status_can_come_although_the_write_was_carried_out()
    {
        await using var rig = await CosmosRig.StartAsync();
        rig.Server.Faults.Add(new FaultMatch(RequestKind.Batch), Fault.Status(408, acts: true));

        using var answer = await rig.Items.CreateTransactionalBatch(Anna)
            .CreateItem(new Note("a", "anna", ""))
            .ExecuteAsync(Cancellation);

        Assert.Equal(HttpStatusCode.RequestTimeout, answer.StatusCode);
        Assert.NotNull((await rig.Items.ReadItemAsync<Note>("a", Anna, cancellationToken: Cancellation)).Resource);
    }

    [Fact]
    public async Task A_stalled_request_goes_on_when_it_is_released()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 1);
        var rule = rig.Server.Faults.Add(Points, Fault.Stall());

        var reading = rig.Items.ReadItemAsync<Note>("n-000", Anna, cancellationToken: Cancellation);
        await rule.Struck.WaitAsync(Cancellation);
        Assert.False(reading.IsCompleted);
        rule.Release();

        Assert.Equal("n-000", (await reading).Resource.Id);
    }

    [Fact]
    public async Task A_stall_of_some_seconds_ends_by_the_clock()
    {
        var clock = new FakeClock();
        await using var rig = await CosmosRig.StartAsync(clock);
        await rig.PutAsync("anna", 1);
        var rule = rig.Server.Faults.Add(Points, Fault.Stall(TimeSpan.FromSeconds(5)));

        var reading = rig.Items.ReadItemAsync<Note>("n-000", Anna, cancellationToken: Cancellation);
        await rule.Struck.WaitAsync(Cancellation);
        await Deadline.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(5));
                return reading.IsCompleted;
            },
            Cancellation);

        Assert.Equal("n-000", (await reading).Resource.Id);
    }

    [Fact]
    public async Task A_rule_strikes_what_it_is_about_and_lets_the_first_pass()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 1);
        await rig.PutAsync("berta", 1);
        var rule = rig.Server.Faults.Add(
            new FaultMatch(RequestKind.Query, PartitionKey: """["berta"]"""), Fault.Status(500), skip: 1);

        await QueryAsync("anna");
        await QueryAsync("berta");
        Assert.Equal(0, rule.Fired);
        await PointTests.RefusedAsync(HttpStatusCode.InternalServerError, () => QueryAsync("berta"));
        await QueryAsync("berta");

        Task QueryAsync(string tenant) => CosmosRig.AllAsync(rig.Items.GetItemQueryIterator<Note>(
            "SELECT * FROM c", requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(tenant) }));
    }
}
