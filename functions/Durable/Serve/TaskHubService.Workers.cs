using Grpc.Core;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;

namespace PracticPro.Durable.Serve;

/// <summary>What workers call: a stream of work, and the answers.</summary>
internal sealed partial class TaskHubService
{
    /// <summary>Largest turn answer in pieces, as a multiple of the largest payload.</summary>
    private const long PartsLimit = 16;

    private static readonly Wire.CompleteTaskResponse Done = new();

    public override async Task GetWorkItems(
        Wire.GetWorkItemsRequest request,
        IServerStreamWriter<Wire.WorkItem> responseStream,
        ServerCallContext context)
    {
        var seat = new Seat(request);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        hub.Hub.Post(new TakeSeat(hub.Dispatch, seat));
        ServeLog.Joined(hub.Log, seat.TurnPlaces, seat.ActivityPlaces);
        try
        {
            await SendAsync(seat, responseStream, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The worker has gone, or the program ends; said below.
        }
        finally
        {
            hub.Hub.Post(new LeaveSeat(hub.Dispatch, seat));
            ServeLog.Left(hub.Log);
        }

        // Not a good end: a worker that sees one would not come back.
        throw Refusal.Stopping();
    }

    public override async Task<Wire.CompleteTaskResponse> CompleteOrchestratorTask(
        Wire.OrchestratorResponse request,
        ServerCallContext context)
    {
        var offer = Find<TurnOffer>(request.CompletionToken);
        if (request.RequiresHistory)
        {
            return await hub.AskAsync(new RefuseOffer(hub.Dispatch, offer), context.CancellationToken) ? Done : throw Stale();
        }

        if (request.IsPartial)
        {
            return offer.Keep(request, PartsLimit * hub.Largest) ? Done : throw Refusal.TooMuch();
        }

        var answer = ReadTurnAnswer.Of(offer, offer.Whole(request), hub.Largest);
        return await hub.AskAsync(new AnswerTurn(hub.Dispatch, offer, answer), context.CancellationToken) ? Done : throw Stale();
    }

    public override async Task<Wire.CompleteTaskResponse> CompleteActivityTask(
        Wire.ActivityResponse request,
        ServerCallContext context)
    {
        var offer = Find<ActivityOffer>(request.CompletionToken);
        var answer = Answer(offer.Task.Task, request);
        var command = new AnswerActivity(hub.Dispatch, offer, answer, HistoryJson.Format([answer]));
        return await hub.AskAsync(command, context.CancellationToken) ? Done : throw Stale();
    }

    public override async Task<Wire.AbandonActivityTaskResponse> AbandonTaskActivityWorkItem(
        Wire.AbandonActivityTaskRequest request,
        ServerCallContext context)
    {
        var command = new RefuseOffer(hub.Dispatch, Find<ActivityOffer>(request.CompletionToken));
        return await hub.AskAsync(command, context.CancellationToken) ? new() : throw Stale();
    }

    public override async Task<Wire.AbandonOrchestrationTaskResponse> AbandonTaskOrchestratorWorkItem(
        Wire.AbandonOrchestrationTaskRequest request,
        ServerCallContext context)
    {
        var command = new RefuseOffer(hub.Dispatch, Find<TurnOffer>(request.CompletionToken));
        return await hub.AskAsync(command, context.CancellationToken) ? new() : throw Stale();
    }

    private async Task SendAsync(Seat seat, IServerStreamWriter<Wire.WorkItem> stream, CancellationToken end)
    {
        // At once, so that the worker knows it is heard.
        await stream.WriteAsync(Ping(), end);
        var ready = seat.Outbox.WaitToReadAsync(end).AsTask();
        while (true)
        {
            try
            {
                if (!await ready.WaitAsync(hub.Options.PingEvery, hub.Time, end))
                {
                    return;
                }
            }
            catch (TimeoutException)
            {
                await stream.WriteAsync(Ping(), end);
                continue;
            }

            while (seat.Outbox.TryRead(out var offer))
            {
                await SendAsync(offer, stream, end);
            }

            ready = seat.Outbox.WaitToReadAsync(end).AsTask();
        }
    }

    private async Task SendAsync(Offer offer, IServerStreamWriter<Wire.WorkItem> stream, CancellationToken end)
    {
        Wire.WorkItem item;
        try
        {
            item = offer.ToWire();
        }
        catch (Exception broken) when (offer is TurnOffer)
        {
            // Its history cannot be read. Trying again for ever would help nobody.
            var turn = (TurnOffer)offer;
            DurableLog.TurnBroke(hub.Log, turn.Cell.Id, broken.GetType().Name);
            hub.Hub.Post(new AnswerTurn(
                hub.Dispatch, turn, ReadTurnAnswer.Broken(turn, broken.GetType().FullName ?? broken.GetType().Name)));
            return;
        }

        // Meanwhile it may have been taken back, and then nobody waits for it.
        if (hub.Dispatch.TryFind<Offer>(offer.Token, out _))
        {
            await stream.WriteAsync(item, end);
        }
    }

    private static Wire.WorkItem Ping() => new() { HealthPing = new() };

    private HistoryEvent Answer(int task, Wire.ActivityResponse response)
    {
        var now = hub.Time.GetUtcNow();
        if (WireFailures.FromWire(response.FailureDetails) is { } failure)
        {
            return new HistoryEvent.TaskFailed(now, task, failure);
        }

        return Payload.FitsLimit(response.Result, hub.Largest)
            ? new HistoryEvent.TaskCompleted(now, task, response.Result)
            : new HistoryEvent.TaskFailed(now, task, FailureDetails.OfEngine(FailureCodes.TooLarge));
    }

    private T Find<T>(string token)
        where T : Offer => hub.Dispatch.TryFind<T>(token, out var offer) ? offer : throw Stale();

    private RpcException Stale()
    {
        ServeLog.Stale(hub.Log);
        return Refusal.Stale();
    }
}
