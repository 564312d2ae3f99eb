using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Protocol;

/// <summary>
/// One turn over the wire: from the request's events to the response's actions. Pure and short: it runs in the process
/// that answers the engine, and the same request always gives the same bytes.
/// </summary>
internal static class TakeWireTurn
{
    /// <exception cref="FormatException">The request is for an instance whose id we would not give.</exception>
    public static Wire.OrchestratorResponse Run(
        Wire.OrchestratorRequest request,
        DurableRegistry registry,
        ILoggerFactory loggers,
        WireDialect dialect)
    {
        var response = new Wire.OrchestratorResponse { InstanceId = request.InstanceId };
        TakenDeliveries delivered = [];
        List<HistoryEvent> past = [.. dialect.Read(request.PastEvents, delivered)];
        List<HistoryEvent> news = [.. dialect.Read(request.NewEvents, delivered)];
        if (!past.Concat(news).Any(happened => happened is HistoryEvent.ExecutionStarted))
        {
            // A past that was left out, in the belief that we keep it.
            response.RequiresHistory = true;
            return response;
        }

        var turn = new TurnRequest(InstanceId.Parse(request.InstanceId), past, news);
        var result = OrchestrationExecutor.Execute(turn, registry, loggers);
        response.CustomStatus = result.CustomStatus;
        response.Actions.Add(result.Actions.Select(action => WireActions.ToWire(WithDeliveries(action, delivered))));
        return response;
    }

    /// <summary>The next generation knows what this one has taken; first of all that is carried, since it is read first.</summary>
    private static OrchestratorAction WithDeliveries(OrchestratorAction action, TakenDeliveries delivered) =>
        action is OrchestratorAction.CompleteOrchestration { Status: OrchestrationStatus.ContinuedAsNew } end
        && delivered.Carry(default) is { } carrier
            ? end with { CarryoverEvents = [carrier, .. end.CarryoverEvents ?? []] }
            : action;
}
