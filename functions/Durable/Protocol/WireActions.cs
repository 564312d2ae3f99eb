using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Protocol;

/// <summary>Actions between our form and the protocol's, field by field.</summary>
internal static class WireActions
{
    public static Wire.Action ToWire(OrchestratorAction action)
    {
        var wire = new Wire.Action { Id = action.Id };
        switch (action)
        {
            case OrchestratorAction.ScheduleTask task:
                wire.ScheduleTask = new() { Name = task.Name, Version = task.Version, Input = task.Input, ParentTraceContext = WireNotes.Trace(task.Notes) };
                wire.ScheduleTask.Tags.Add(WireNotes.Tags(task.Notes));
                break;
            case OrchestratorAction.CreateSubOrchestration child:
                wire.CreateSubOrchestration = new() { InstanceId = child.InstanceId.Text, Name = child.Name, Version = child.Version, Input = child.Input, ParentTraceContext = WireNotes.Trace(child.Notes) };
                wire.CreateSubOrchestration.Tags.Add(WireNotes.Tags(child.Notes));
                break;
            case OrchestratorAction.CreateTimer timer:
                wire.CreateTimer = new() { FireAt = timer.FireAt.ToTimestamp() };
                break;
            case OrchestratorAction.SendEvent send:
                wire.SendEvent = new()
                {
                    Instance = new() { InstanceId = send.InstanceId.Text },
                    Name = send.Name,
                    Data = send.Payload,
                };
                break;
            case OrchestratorAction.CompleteOrchestration end:
                wire.CompleteOrchestration = new()
                {
                    OrchestrationStatus = (Wire.RuntimeStatus)end.Status,
                    Result = end.Result,
                    NewVersion = end.NewVersion,
                    FailureDetails = WireFailures.ToWire(end.Failure),
                };
                wire.CompleteOrchestration.CarryoverEvents.Add((end.CarryoverEvents ?? []).Select(WireEvents.ToWire));
                break;
            default:
                throw new InvalidOperationException("An action is not known.");
        }

        return wire;
    }

    /// <summary>Null when the action is of a kind that is not known here, or names an instance that cannot be.</summary>
    public static OrchestratorAction? FromWire(Wire.Action wire) => wire.KindCase switch
    {
        Wire.Action.KindOneofCase.ScheduleTask => new OrchestratorAction.ScheduleTask(
            wire.Id,
            wire.ScheduleTask.Name,
            wire.ScheduleTask.Input,
            wire.ScheduleTask.Version,
            WireNotes.From(wire.ScheduleTask.Tags, wire.ScheduleTask.ParentTraceContext)),
        Wire.Action.KindOneofCase.CreateSubOrchestration
            when InstanceId.TryParse(wire.CreateSubOrchestration.InstanceId, out var child) =>
            new OrchestratorAction.CreateSubOrchestration(
                wire.Id,
                child,
                wire.CreateSubOrchestration.Name,
                wire.CreateSubOrchestration.Input,
                wire.CreateSubOrchestration.Version,
                WireNotes.From(wire.CreateSubOrchestration.Tags, wire.CreateSubOrchestration.ParentTraceContext)),
        Wire.Action.KindOneofCase.CreateTimer when WireTime.From(wire.CreateTimer.FireAt) is { } dueAt =>
            new OrchestratorAction.CreateTimer(wire.Id, dueAt),
        Wire.Action.KindOneofCase.SendEvent when InstanceId.TryParse(wire.SendEvent.Instance?.InstanceId, out var target) =>
            new OrchestratorAction.SendEvent(wire.Id, target, wire.SendEvent.Name, wire.SendEvent.Data),
        Wire.Action.KindOneofCase.CompleteOrchestration => End(wire.Id, wire.CompleteOrchestration),
        _ => null,
    };

    private static OrchestratorAction.CompleteOrchestration End(int id, Wire.CompleteOrchestration wire)
    {
        // Only raised events can be carried over; a host drops the others as well.
        var carried = wire.CarryoverEvents.Select(WireEvents.FromWire).OfType<HistoryEvent.EventRaised>().ToList();
        return new OrchestratorAction.CompleteOrchestration(
            id,
            (OrchestrationStatus)wire.OrchestrationStatus,
            wire.Result,
            WireFailures.FromWire(wire.FailureDetails),
            carried.Count > 0 ? carried : null,
            wire.NewVersion);
    }
}
