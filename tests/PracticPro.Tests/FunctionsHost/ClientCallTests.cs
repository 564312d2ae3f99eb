using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.Durable;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>What a Durable client may ask, and how it is refused.</summary>
public sealed class ClientCallTests
{
    [Fact]
    public async Task The_grpc_endpoint_starts_waits_and_says_what_it_does_not_serve()
    {
        await using var rig = await Rig.StartAsync(request => Answering.Turn(request.Turn(), Answering.Done(0, "\"end\"")));
        using var channel = Channel(rig.Host.GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        var cancellation = TestContext.Current.CancellationToken;

        var started = await client.StartInstanceAsync(new CreateInstanceRequest { Name = "Flow" }, cancellationToken: cancellation);
        var ended = await client.WaitForInstanceCompletionAsync(
            new GetInstanceRequest { InstanceId = started.InstanceId, GetInputsAndOutputs = true }, cancellationToken: cancellation);

        Assert.Equal(32, started.InstanceId.Length);
        Assert.Equal("\"end\"", ended.OrchestrationState.Output);
        using var items = client.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: cancellation);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => items.ResponseStream.MoveNext(cancellation));
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    [Theory]
    [InlineData("Two", StatusCode.Unknown)]
    [InlineData("Three", StatusCode.NotFound)]
    public async Task Raising_to_nobody_is_refused_as_the_version_refuses(string extension, StatusCode code)
    {
        await using var rig = await Rig.StartAsync(
            _ => HandlerReply.Closed, with: options => options with { Extension = System.Enum.Parse<ExtensionVersion>(extension) });
        using var channel = Channel(rig.Host.GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.RaiseEventAsync(
            new RaiseEventRequest { InstanceId = "nobody", Name = "e" }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(code, refusal.StatusCode);
    }

    [Fact]
    public async Task A_live_instance_cannot_be_started_over_and_a_completed_one_can()
    {
        await using var rig = await Rig.StartAsync(request => request.Turn().NewEvents.Any(one => one.EventRaised is not null)
            ? Answering.Turn(request.Turn(), Answering.Done(0))
            : Answering.Turn(request.Turn()));
        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.Throws<InstanceExistsException>(() => rig.Begin("Flow", "one"));
        rig.Hub.Raise(new RaiseEventRequest { InstanceId = "one", Name = "end" });
        await rig.IdleAsync();
        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.Equal(RuntimeStatus.Running, rig.State("one").OrchestrationStatus);
    }

    [Fact]
    public async Task A_start_for_later_waits_for_its_time()
    {
        await using var rig = await Rig.StartAsync(request => Answering.Turn(request.Turn(), Answering.Done(0)));
        rig.Hub.Start(new CreateInstanceRequest
        {
            Name = "Flow",
            InstanceId = "later",
            ScheduledStartTimestamp = Timestamp.FromDateTimeOffset(rig.Clock.GetUtcNow().AddMinutes(5)),
        });
        await rig.IdleAsync();
        Assert.Equal(RuntimeStatus.Pending, rig.State("later").OrchestrationStatus);

        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await rig.IdleAsync();

        Assert.Equal(RuntimeStatus.Completed, rig.State("later").OrchestrationStatus);
    }

    [Fact]
    public async Task Instances_are_listed_by_prefix_in_pages_and_purged_one_by_one_or_by_filter()
    {
        await using var rig = await Rig.StartAsync(request => Answering.Turn(request.Turn(), Answering.Done(0)));
        foreach (var id in (string[])["a:1", "a:2", "a:3", "b:1"])
        {
            rig.Begin("Flow", id);
            await rig.IdleAsync();
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = rig.Hub.Query(new Query { InstanceIdPrefix = "a:", MaxInstanceCount = 2 });
        var second = rig.Hub.Query(new Query { InstanceIdPrefix = "a:", MaxInstanceCount = 2, ContinuationToken = first.ContinuationToken });
        var one = rig.Hub.Purge(new PurgeInstancesRequest { InstanceId = "a:1" });
        var none = rig.Hub.Purge(new PurgeInstancesRequest { InstanceId = "a:1" });
        var rest = rig.Hub.Purge(new PurgeInstancesRequest
        {
            PurgeInstanceFilter = new PurgeFilter { RuntimeStatus = { RuntimeStatus.Completed } },
        });

        Assert.Equal(["a:1", "a:2"], first.OrchestrationState.Select(state => state.InstanceId));
        Assert.Equal(["a:3"], second.OrchestrationState.Select(state => state.InstanceId));
        Assert.Null(second.ContinuationToken);
        Assert.Equal((1, 0, 3), (one, none, rest));
        Assert.Empty(rig.Hub.Query(new Query()).OrchestrationState);
    }

    [Theory]
    [InlineData("Two", StatusCode.Unknown)]
    [InlineData("Three", StatusCode.FailedPrecondition)]
    public async Task What_has_ended_cannot_be_terminated(string extension, StatusCode code)
    {
        await using var rig = await Rig.StartAsync(
            request => Answering.Turn(request.Turn(), Answering.Done(0)),
            with: options => options with { Extension = System.Enum.Parse<ExtensionVersion>(extension) });
        rig.Begin("Flow", "one");
        await rig.IdleAsync();
        using var channel = Channel(rig.Host.GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.TerminateInstanceAsync(
            new TerminateRequest { InstanceId = "one" }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(code, refusal.StatusCode);
    }

    private static GrpcChannel Channel(Uri address) => GrpcChannel.ForAddress(
        address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false } });
}
