using Grpc.Core;
using PracticPro.Tests.Support;
using Client = PracticPro.Durable.Wire.TaskHubSidecarService.TaskHubSidecarServiceClient;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>A worker that does nothing by itself: a test reads what it is given and says what it answers.</summary>
internal sealed class RawWorker : IDisposable
{
    private readonly Client client;
    private readonly AsyncServerStreamingCall<Wire.WorkItem> stream;

    private RawWorker(Client client, AsyncServerStreamingCall<Wire.WorkItem> stream) =>
        (this.client, this.stream) = (client, stream);

    public static async Task<RawWorker> ConnectAsync(Client client, int turns, int activities, Wire.WorkItemFilters? filters)
    {
        var request = new Wire.GetWorkItemsRequest
        {
            MaxConcurrentOrchestrationWorkItems = turns,
            MaxConcurrentActivityWorkItems = activities,
            WorkItemFilters = filters,
        };
        var worker = new RawWorker(client, client.GetWorkItems(request, cancellationToken: ServedFixture.Cancellation));

        // The first message is a ping: from then on the hub knows of it.
        Assert.Equal(Wire.WorkItem.WhatOneofCase.HealthPing, (await worker.ReadAsync()).WhatCase);
        return worker;
    }

    /// <summary>The next piece of work, pings aside.</summary>
    public async Task<Wire.WorkItem> NextAsync()
    {
        var item = await ReadAsync();
        return item.WhatCase == Wire.WorkItem.WhatOneofCase.HealthPing ? await NextAsync() : item;
    }

    /// <summary>Whatever comes next.</summary>
    public async Task<Wire.WorkItem> ReadAsync()
    {
        using var deadline = Deadline.Start(ServedFixture.Cancellation);
        Assert.True(await stream.ResponseStream.MoveNext(deadline.Token));
        return stream.ResponseStream.Current;
    }

    public AsyncUnaryCall<Wire.CompleteTaskResponse> Answer(Wire.WorkItem turn, params Wire.Action[] actions)
    {
        var response = new Wire.OrchestratorResponse
        {
            InstanceId = turn.OrchestratorRequest.InstanceId,
            CompletionToken = turn.CompletionToken,
        };
        response.Actions.Add(actions);
        return client.CompleteOrchestratorTaskAsync(response, cancellationToken: ServedFixture.Cancellation);
    }

    public AsyncUnaryCall<Wire.CompleteTaskResponse> AnswerActivity(Wire.WorkItem activity, string? result) =>
        client.CompleteActivityTaskAsync(new Wire.ActivityResponse
        {
            InstanceId = activity.ActivityRequest.OrchestrationInstance.InstanceId,
            TaskId = activity.ActivityRequest.TaskId,
            Result = result,
            CompletionToken = activity.CompletionToken,
        }, cancellationToken: ServedFixture.Cancellation);

    /// <summary>Leaves, as a worker that died would.</summary>
    public void Dispose() => stream.Dispose();

    public static Wire.Action Call(int id, string name, string? input = null) =>
        new() { Id = id, ScheduleTask = new() { Name = name, Input = input } };

    public static Wire.Action End(int id, string? result = null) => new()
    {
        Id = id,
        CompleteOrchestration = new() { OrchestrationStatus = Wire.RuntimeStatus.Completed, Result = result },
    };

    public static Wire.WorkItemFilters Filters(string[] orchestrations, string[] activities)
    {
        var filters = new Wire.WorkItemFilters();
        filters.Orchestrations.Add(orchestrations.Select(name => new Wire.NameFilter { Name = name }));
        filters.Activities.Add(activities.Select(name => new Wire.NameFilter { Name = name }));
        return filters;
    }
}
