using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PracticPro.Durable.Serve;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>The client's calls, status by status.</summary>
public sealed class ServiceTests
{
    private static CancellationToken Cancellation => ServedFixture.Cancellation;

    [Fact]
    public async Task An_instance_without_an_id_gets_one_of_32_digits()
    {
        await using var served = await ServedFixture.StartAsync();

        Assert.Matches("^[0-9a-f]{32}$", await served.StartInstanceAsync("any"));
    }

    [Theory]
    [InlineData("", "one")]
    [InlineData("@entity", "one")]
    [InlineData("any", "a/b")]
    [InlineData("any", "@one")]
    [InlineData("any\n", "one")]
    public async Task What_cannot_be_a_name_or_an_id_is_refused(string name, string id)
    {
        await using var served = await ServedFixture.StartAsync();

        await ServedFixture.MeetsAsync(
            StatusCode.InvalidArgument,
            served.Client.StartInstanceAsync(new() { Name = name, InstanceId = id }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_payload_over_the_limit_is_refused()
    {
        await using var served = await ServedFixture.StartAsync(durable => durable.LargestPayload = 1 << 20);
        var request = new Wire.CreateInstanceRequest { Name = "any", Input = new string('x', (1 << 20) + 1) };

        await ServedFixture.MeetsAsync(
            StatusCode.InvalidArgument, served.Client.StartInstanceAsync(request, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task The_hub_cannot_be_emptied_or_deleted_from_outside()
    {
        await using var served = await ServedFixture.StartAsync();

        await served.Client.CreateTaskHubAsync(new(), cancellationToken: Cancellation);
        await ServedFixture.MeetsAsync(
            StatusCode.Unimplemented, served.Client.CreateTaskHubAsync(new() { RecreateIfExists = true }, cancellationToken: Cancellation));
        await ServedFixture.MeetsAsync(
            StatusCode.Unimplemented, served.Client.DeleteTaskHubAsync(new(), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Waiting_for_a_start_ends_with_the_first_turn_and_for_the_end_with_the_last()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        var id = await served.StartInstanceAsync("any");
        var ask = new Wire.GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true };
        var (start, end) = (
            served.Client.WaitForInstanceStartAsync(ask, cancellationToken: Cancellation),
            served.Client.WaitForInstanceCompletionAsync(ask, cancellationToken: Cancellation));

        await worker.Answer(await worker.NextAsync());
        Assert.Equal(Wire.RuntimeStatus.Running, (await start).OrchestrationState.OrchestrationStatus);
        await served.Client.RaiseEventAsync(new() { InstanceId = id, Name = "go" }, cancellationToken: Cancellation);
        await worker.Answer(await worker.NextAsync(), RawWorker.End(0, "1"));

        Assert.Equal("1", (await end).OrchestrationState.Output);
    }

    [Fact]
    public async Task A_start_for_later_waits_for_its_time_and_keeps_what_comes_before()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        var due = served.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await served.Client.StartInstanceAsync(
            new() { Name = "any", InstanceId = "later", ScheduledStartTimestamp = due.ToTimestamp() }, cancellationToken: Cancellation);
        await served.Client.RaiseEventAsync(new() { InstanceId = "later", Name = "early" }, cancellationToken: Cancellation);
        Assert.Equal(due, (await served.StateAsync("later")).ScheduledStartTimestamp.ToDateTimeOffset());
        Assert.Equal(0, served.Hub.Dispatch.InHand);

        served.Clock.Advance(TimeSpan.FromHours(1));
        var turn = (await worker.NextAsync()).OrchestratorRequest;

        Assert.True(turn.NewEvents[0].Timestamp.ToDateTimeOffset() >= due - TimeSpan.FromMilliseconds(1));
        Assert.Contains(turn.NewEvents, one => one.EventRaised?.Name == "early");
    }

    [Fact]
    public async Task What_was_to_start_later_can_be_ended_at_once()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        var due = served.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await served.Client.StartInstanceAsync(
            new() { Name = "any", InstanceId = "later", ScheduledStartTimestamp = due.ToTimestamp() }, cancellationToken: Cancellation);

        await served.Client.TerminateInstanceAsync(new() { InstanceId = "later", Output = "1" }, cancellationToken: Cancellation);

        Assert.Contains((await worker.NextAsync()).OrchestratorRequest.NewEvents, one => one.ExecutionTerminated is not null);
    }

    [Fact]
    public async Task A_query_chooses_by_states_prefix_and_time_of_creation()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any", "a-1", "\"in\"");
        await worker.Answer(await worker.NextAsync(), RawWorker.End(0, "\"out\""));
        served.Clock.Advance(TimeSpan.FromMinutes(1));
        var noon = served.Clock.GetUtcNow().ToTimestamp();
        await served.StartInstanceAsync("any", "a-2");
        await served.StartInstanceAsync("any", "b-1");

        Assert.Equal(["a-1", "a-2"], await QueryAsync(served, new() { InstanceIdPrefix = "a-" }));
        Assert.Equal(["a-1"], await QueryAsync(served, new() { RuntimeStatus = { Wire.RuntimeStatus.Completed, Wire.RuntimeStatus.Failed } }));
        Assert.Equal(["a-2", "b-1"], await QueryAsync(served, new() { CreatedTimeFrom = noon }));
        Assert.Equal(["a-1", "a-2", "b-1"], await QueryAsync(served, new() { CreatedTimeTo = noon }));
        Assert.Empty(await QueryAsync(served, new() { RuntimeStatus = { Wire.RuntimeStatus.Suspended } }));
        await ServedFixture.MeetsAsync(
            StatusCode.InvalidArgument,
            served.Client.QueryInstancesAsync(new() { Query = new() { ContinuationToken = "x" } }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_page_of_large_instances_is_shorter_so_that_it_fits_into_a_message()
    {
        await using var served = await ServedFixture.StartAsync();
        var input = new string('x', 1 << 20);
        for (var number = 0; number < 5; number++)
        {
            await served.StartInstanceAsync("any", $"large-{number}", input);
        }

        var ids = new List<string>();
        var query = new Wire.Query { MaxInstanceCount = 100 };
        do
        {
            var page = await served.Client.QueryInstancesAsync(new() { Query = query }, cancellationToken: Cancellation);
            Assert.InRange(page.CalculateSize(), 1 << 20, 4 << 20);
            ids.AddRange(page.OrchestrationState.Select(state => state.InstanceId));
            query.ContinuationToken = page.ContinuationToken;
        }
        while (query.ContinuationToken is not null);

        Assert.Equal(5, ids.Distinct().Count());
        Assert.Equal(5, ids.Count);
    }

    [Fact]
    public async Task A_purge_takes_several_by_id_and_only_what_has_completed()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        foreach (var id in (string[])["done-1", "done-2"])
        {
            await served.StartInstanceAsync("any", id);
            await worker.Answer(await worker.NextAsync(), RawWorker.End(0));
        }

        await served.StartInstanceAsync("any", "alive");
        var request = new Wire.PurgeInstancesRequest { InstanceBatch = new() };
        request.InstanceBatch.InstanceIds.Add(["done-1", "done-2", "alive", "nobody"]);

        var purged = await served.Client.PurgeInstancesAsync(request, cancellationToken: Cancellation);

        Assert.Equal((2, true), (purged.DeletedInstanceCount, purged.IsComplete));
        await ServedFixture.MeetsAsync(
            StatusCode.InvalidArgument, served.Client.PurgeInstancesAsync(new(), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_suspended_instance_is_said_to_be_until_it_is_resumed()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        var id = await served.StartInstanceAsync("any");
        await worker.Answer(await worker.NextAsync());

        await served.Client.SuspendInstanceAsync(new() { InstanceId = id, Reason = "why" }, cancellationToken: Cancellation);
        await worker.Answer(await worker.NextAsync());
        Assert.Equal(Wire.RuntimeStatus.Suspended, (await served.StateAsync(id)).OrchestrationStatus);
        await served.Client.RaiseEventAsync(new() { InstanceId = id, Name = "go" }, cancellationToken: Cancellation);
        await worker.Answer(await worker.NextAsync());
        Assert.Equal(Wire.RuntimeStatus.Suspended, (await served.StateAsync(id)).OrchestrationStatus);
        await served.Client.ResumeInstanceAsync(new() { InstanceId = id }, cancellationToken: Cancellation);
        await worker.Answer(await worker.NextAsync());

        Assert.Equal(Wire.RuntimeStatus.Running, (await served.StateAsync(id)).OrchestrationStatus);
    }

    [Fact]
    public async Task Settings_out_of_range_are_refused_together()
    {
        await using var served = await ServedFixture.StartAsync();
        var settings = new ServeOptions { Partitions = 0, TurnLimit = TimeSpan.Zero };

        var refused = Assert.Throws<ArgumentException>(settings.Validate);

        Assert.Equal("Partitions is 1–1024. TurnLimit is 1 second–1 hour.", refused.Message);
    }

    private static async Task<List<string>> QueryAsync(ServedFixture served, Wire.Query query)
    {
        var page = await served.Client.QueryInstancesAsync(new() { Query = query }, cancellationToken: Cancellation);
        return [.. page.OrchestrationState.Select(state => state.InstanceId)];
    }
}
