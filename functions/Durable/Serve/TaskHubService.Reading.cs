using System.Globalization;
using Grpc.Core;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;

namespace PracticPro.Durable.Serve;

/// <summary>What clients ask to see, and to have taken away.</summary>
internal sealed partial class TaskHubService
{
    private const int UsualPage = 100;
    private const int LargestPage = 1_000;
    private const int PurgeBatch = 200;
    private const int ChunkBytes = 1 << 20;

    public override async Task<Wire.GetInstanceResponse> GetInstance(
        Wire.GetInstanceRequest request,
        ServerCallContext context)
    {
        var view = await hub.AskAsync(new ReadInstance(Id(request.InstanceId)), context.CancellationToken);
        return new Wire.GetInstanceResponse
        {
            Exists = view is not null,
            OrchestrationState = view?.ToWire(request.GetInputsAndOutputs, withFailure: request.GetInputsAndOutputs),
        };
    }

    public override Task<Wire.GetInstanceResponse> WaitForInstanceStart(
        Wire.GetInstanceRequest request,
        ServerCallContext context) => WaitAsync(AwaitInstance.Start(Id(request.InstanceId)), request, context);

    public override Task<Wire.GetInstanceResponse> WaitForInstanceCompletion(
        Wire.GetInstanceRequest request,
        ServerCallContext context) => WaitAsync(AwaitInstance.Completion(Id(request.InstanceId)), request, context);

    public override async Task<Wire.QueryInstancesResponse> QueryInstances(
        Wire.QueryInstancesRequest request,
        ServerCallContext context)
    {
        var query = request.Query ?? new Wire.Query();
        var filter = new OutsideFilter(
            OutsideFilter.Bits(query.RuntimeStatus.Select(Status)),
            Time(query.CreatedTimeFrom)?.UtcTicks ?? 0,
            Time(query.CreatedTimeTo)?.UtcTicks ?? long.MaxValue,
            query.InstanceIdPrefix);
        var command = new QueryServed(filter, Key(query.ContinuationToken), Page(query.MaxInstanceCount));
        var page = await hub.AskAsync(command, context.CancellationToken);
        var response = new Wire.QueryInstancesResponse { ContinuationToken = page.Next?.ToString(CultureInfo.InvariantCulture) };
        response.OrchestrationState.Add(page.Views.Select(view => view.ToWire(withPayloads: true, withFailure: false)));
        return response;
    }

    public override async Task<Wire.ListInstanceIdsResponse> ListInstanceIds(
        Wire.ListInstanceIdsRequest request,
        ServerCallContext context)
    {
        var command = new ListServedIds(
            OutsideFilter.Bits(request.RuntimeStatus.Select(Status)),
            Time(request.CompletedTimeFrom)?.UtcTicks,
            Time(request.CompletedTimeTo)?.UtcTicks,
            Key(request.LastInstanceKey),
            Page(request.PageSize));
        var page = await hub.AskAsync(command, context.CancellationToken);
        var response = new Wire.ListInstanceIdsResponse { LastInstanceKey = page.Next?.ToString(CultureInfo.InvariantCulture) };
        response.InstanceIds.Add(page.Ids);
        return response;
    }

    public override async Task<Wire.PurgeInstancesResponse> PurgeInstances(
        Wire.PurgeInstancesRequest request,
        ServerCallContext context)
    {
        string[] ids = request.WhichCase switch
        {
            Wire.PurgeInstancesRequest.WhichOneofCase.InstanceId => [request.InstanceId],
            Wire.PurgeInstancesRequest.WhichOneofCase.InstanceBatch => [.. request.InstanceBatch.InstanceIds],
            Wire.PurgeInstancesRequest.WhichOneofCase.PurgeInstanceFilter => [],
            _ => throw Refusal.Malformed("Nothing is said of what to purge."),
        };
        if (request.PurgeInstanceFilter is { } filter)
        {
            return await PurgeMatchingAsync(filter, request.Recursive, context.CancellationToken);
        }

        var count = 0;
        foreach (var id in ids.Select(Id).ToList())
        {
            count += await hub.AskAsync(new PurgeServed(id, request.Recursive), context.CancellationToken);
        }

        return new Wire.PurgeInstancesResponse { DeletedInstanceCount = count, IsComplete = true };
    }

    public override async Task StreamInstanceHistory(
        Wire.StreamInstanceHistoryRequest request,
        IServerStreamWriter<Wire.HistoryChunk> responseStream,
        ServerCallContext context)
    {
        var command = new ReadHistory(Id(request.InstanceId), string.IsNullOrEmpty(request.ExecutionId) ? null : request.ExecutionId);
        var pieces = await hub.AskAsync(command, context.CancellationToken) ?? throw Refusal.NotFound();
        var chunk = new Wire.HistoryChunk();
        var bytes = 0;
        foreach (var happened in pieces.SelectMany(piece => HistoryJson.Parse(piece)).Select(WireEvents.ToWire))
        {
            var size = happened.CalculateSize();
            if (chunk.Events.Count > 0 && bytes + size > ChunkBytes)
            {
                await responseStream.WriteAsync(chunk, context.CancellationToken);
                (chunk, bytes) = (new Wire.HistoryChunk(), 0);
            }

            chunk.Events.Add(happened);
            bytes += size;
        }

        if (chunk.Events.Count > 0)
        {
            await responseStream.WriteAsync(chunk, context.CancellationToken);
        }
    }

    private async Task<Wire.GetInstanceResponse> WaitAsync(
        AwaitInstance wait,
        Wire.GetInstanceRequest request,
        ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        hub.Hub.Post(wait);
        try
        {
            _ = await wait.Waiter.Task.WaitAsync(end.Token) ?? throw Refusal.NotFound();
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw Refusal.Stopping();
        }
        finally
        {
            if (!wait.Waiter.Task.IsCompleted)
            {
                hub.Hub.Post(wait.Forget());
            }
        }

        return await GetInstance(request, context);
    }

    private async Task<Wire.PurgeInstancesResponse> PurgeMatchingAsync(
        Wire.PurgeFilter asked,
        bool recursive,
        CancellationToken cancellation)
    {
        var filter = new OutsideFilter(
            OutsideFilter.Bits(asked.RuntimeStatus.Select(Status)),
            Time(asked.CreatedTimeFrom)?.UtcTicks ?? 0,
            Time(asked.CreatedTimeTo)?.UtcTicks ?? long.MaxValue);
        var began = hub.Time.GetTimestamp();
        var limit = asked.Timeout?.ToTimeSpan() ?? TimeSpan.MaxValue;
        var (count, after) = (0, 0L);
        while (true)
        {
            var step = await hub.AskAsync(new PurgeMatching(filter, recursive, after, PurgeBatch), cancellation);
            count += step.Count;
            if (step.Next is not { } next || hub.Time.GetElapsedTime(began) >= limit)
            {
                return new() { DeletedInstanceCount = count, IsComplete = step.Next is null };
            }

            after = next;
        }
    }

    private static int Page(int asked) => asked <= 0 ? UsualPage : Math.Min(asked, LargestPage);

    private static long Key(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return 0;
        }

        return long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw Refusal.Malformed("The continuation token is not one of this hub.");
    }
}
