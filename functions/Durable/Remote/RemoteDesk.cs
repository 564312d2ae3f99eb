using Grpc.Core;
using PracticPro.Durable.Execution;
using PracticPro.Durable.Protocol;
using Client = PracticPro.Durable.Wire.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace PracticPro.Durable.Remote;

/// <summary>Does the work that comes on one connection, each piece on its own, and sends the answers.</summary>
internal sealed class RemoteDesk(
    Client client,
    DurableRegistry registry,
    ActivityRunner activities,
    ILoggerFactory loggers,
    TimeProvider time)
{
    /// <summary>Longer answers go in pieces: the scheduler takes messages of 4 MB.</summary>
    private const int LargestAnswer = 3_900_000;

    private const int Tries = 10;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);
    private readonly ILogger log = loggers.CreateLogger("PracticPro.Durable.Remote");

    /// <summary>Begins it and comes back at once. A ping, or a kind that is not known, is nothing to do.</summary>
    public void Take(Wire.WorkItem item, CancellationToken ending)
    {
        switch (item.WhatCase)
        {
            case Wire.WorkItem.WhatOneofCase.OrchestratorRequest:
                _ = Task.Run(() => GuardAsync(() => TurnAsync(item, ending), () => AbandonTurnAsync(item, ending), ending), CancellationToken.None);
                break;
            case Wire.WorkItem.WhatOneofCase.ActivityRequest:
                _ = Task.Run(() => GuardAsync(() => ActivityAsync(item, ending), () => AbandonActivityAsync(item, ending), ending), CancellationToken.None);
                break;
        }
    }

    private async Task TurnAsync(Wire.WorkItem item, CancellationToken ending)
    {
        var request = item.OrchestratorRequest;
        if (request.RequiresHistoryStreaming)
        {
            var ask = new Wire.StreamInstanceHistoryRequest
            {
                InstanceId = request.InstanceId,
                ExecutionId = request.ExecutionId,
                ForWorkItemProcessing = true,
            };
            using var history = client.StreamInstanceHistory(ask, cancellationToken: ending);
            await foreach (var chunk in history.ResponseStream.ReadAllAsync(ending))
            {
                request.PastEvents.Add(chunk.Events);
            }
        }

        var response = TakeWireTurn.Run(request, registry, loggers, WireDialect.Plain);
        response.CompletionToken = item.CompletionToken;
        response.OrchestrationTraceContext = request.OrchestrationTraceContext;
        foreach (var piece in Pieces(response))
        {
            await SendAsync(() => client.CompleteOrchestratorTaskAsync(piece, cancellationToken: ending), ending);
        }
    }

    private async Task ActivityAsync(Wire.WorkItem item, CancellationToken ending)
    {
        var request = item.ActivityRequest;

        // It may have waited for a thread; meanwhile the engine may have given it to somebody else.
        ending.ThrowIfCancellationRequested();
        var instance = InstanceId.Parse(request.OrchestrationInstance?.InstanceId ?? "");
        var outcome = await activities.RunAsync(instance, request.Name, request.Input, ending);
        var response = new Wire.ActivityResponse
        {
            InstanceId = instance.Text,
            TaskId = request.TaskId,
            Result = outcome.Output,
            FailureDetails = WireFailures.ToWire(outcome.Failure),
            CompletionToken = item.CompletionToken,
        };
        await SendAsync(() => client.CompleteActivityTaskAsync(response, cancellationToken: ending), ending);
    }

    private async Task AbandonTurnAsync(Wire.WorkItem item, CancellationToken ending) =>
        await client.AbandonTaskOrchestratorWorkItemAsync(
            new() { CompletionToken = item.CompletionToken }, cancellationToken: ending);

    private async Task AbandonActivityAsync(Wire.WorkItem item, CancellationToken ending) =>
        await client.AbandonTaskActivityWorkItemAsync(
            new() { CompletionToken = item.CompletionToken }, cancellationToken: ending);

    /// <summary>What cannot be answered is given back; when that fails too the engine will see for itself.</summary>
    private async Task GuardAsync(Func<Task> work, Func<Task> abandon, CancellationToken ending)
    {
        try
        {
            await work();
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.NotFound)
        {
            RemoteLog.TooLate(log);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            // The connection has ended, and what was begun on it with it.
        }
        catch (Exception broken)
        {
            RemoteLog.GivenBack(log, broken.GetType().Name);
            await GiveBackAsync(abandon);
        }
    }

    private async Task GiveBackAsync(Func<Task> abandon)
    {
        try
        {
            await abandon();
        }
        catch (Exception lost) when (lost is RpcException or OperationCanceledException)
        {
            RemoteLog.TooLate(log);
        }
    }

    /// <summary>An answer is worth some patience with an engine that is away for a moment.</summary>
    private async Task SendAsync<T>(Func<AsyncUnaryCall<T>> send, CancellationToken ending)
    {
        var wait = FirstWait;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var call = send();
                await call;
                return;
            }
            catch (RpcException away) when (away.StatusCode == StatusCode.Unavailable && attempt < Tries)
            {
                await Task.Delay(wait, time, ending);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }

    private static IEnumerable<Wire.OrchestratorResponse> Pieces(Wire.OrchestratorResponse response)
    {
        if (response.CalculateSize() <= LargestAnswer)
        {
            yield return response;
            yield break;
        }

        var piece = Piece(response, 0);
        var bytes = 0;
        foreach (var action in response.Actions)
        {
            var size = action.CalculateSize();
            if (piece.Actions.Count > 0 && bytes + size > LargestAnswer)
            {
                yield return piece;
                (piece, bytes) = (Piece(response, piece.ChunkIndex!.Value + 1), 0);
            }

            piece.Actions.Add(action);
            bytes += size;
        }

        piece.IsPartial = false;
        yield return piece;
    }

    private static Wire.OrchestratorResponse Piece(Wire.OrchestratorResponse whole, int index) => new()
    {
        InstanceId = whole.InstanceId,
        CompletionToken = whole.CompletionToken,
        CustomStatus = whole.CustomStatus,
        OrchestrationTraceContext = whole.OrchestrationTraceContext,
        IsPartial = true,
        ChunkIndex = index,
    };
}
