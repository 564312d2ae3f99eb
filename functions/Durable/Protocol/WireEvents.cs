using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Protocol;

/// <summary>
/// History events between our form and the protocol's, field by field. What a newer protocol adds is passed over: an
/// event of a kind we do not know reads as a note, which no replay acts on.
/// </summary>
internal static class WireEvents
{
    public static Wire.Event ToWire(HistoryEvent happened)
    {
        var wire = new Wire.Event { EventId = happened.EventId, Timestamp = happened.Timestamp.ToTimestamp() };
        switch (happened)
        {
            case HistoryEvent.OrchestratorStarted:
                wire.OrchestratorStarted = new();
                break;
            case HistoryEvent.OrchestratorCompleted:
                wire.OrchestratorCompleted = new();
                break;
            case HistoryEvent.ExecutionStarted started:
                wire.ExecutionStarted = Started(started);
                break;
            case HistoryEvent.ExecutionCompleted done:
                wire.ExecutionCompleted = new()
                {
                    OrchestrationStatus = (Wire.RuntimeStatus)done.Status,
                    Result = done.Result,
                    FailureDetails = WireFailures.ToWire(done.Failure),
                };
                break;
            case HistoryEvent.ExecutionTerminated terminated:
                wire.ExecutionTerminated = new() { Input = terminated.Input, Recurse = terminated.Recurse };
                break;
            case HistoryEvent.ExecutionSuspended suspended:
                wire.ExecutionSuspended = new() { Input = suspended.Reason };
                break;
            case HistoryEvent.ExecutionResumed resumed:
                wire.ExecutionResumed = new() { Input = resumed.Reason };
                break;
            case HistoryEvent.TaskScheduled task:
                wire.TaskScheduled = new() { Name = task.Name, Version = task.Version, Input = task.Input, ParentTraceContext = WireNotes.Trace(task.Notes) };
                wire.TaskScheduled.Tags.Add(WireNotes.Tags(task.Notes));
                break;
            case HistoryEvent.TaskCompleted done:
                wire.TaskCompleted = new() { TaskScheduledId = done.TaskScheduledId, Result = done.Result };
                break;
            case HistoryEvent.TaskFailed failed:
                wire.TaskFailed = new()
                {
                    TaskScheduledId = failed.TaskScheduledId,
                    FailureDetails = WireFailures.ToWire(failed.Failure),
                };
                break;
            default:
                WriteRest(wire, happened);
                break;
        }

        return wire;
    }

    public static HistoryEvent FromWire(Wire.Event wire)
    {
        var at = WireTime.From(wire.Timestamp) ?? default;
        return wire.KindCase switch
        {
            Wire.Event.KindOneofCase.OrchestratorStarted => new HistoryEvent.OrchestratorStarted(at),
            Wire.Event.KindOneofCase.OrchestratorCompleted => new HistoryEvent.OrchestratorCompleted(at),
            Wire.Event.KindOneofCase.ExecutionStarted => Started(at, wire.ExecutionStarted),
            Wire.Event.KindOneofCase.ExecutionCompleted => new HistoryEvent.ExecutionCompleted(
                wire.EventId,
                at,
                (OrchestrationStatus)wire.ExecutionCompleted.OrchestrationStatus,
                wire.ExecutionCompleted.Result,
                WireFailures.FromWire(wire.ExecutionCompleted.FailureDetails)),
            Wire.Event.KindOneofCase.ExecutionTerminated => new HistoryEvent.ExecutionTerminated(
                at, wire.ExecutionTerminated.Input, wire.ExecutionTerminated.Recurse),
            Wire.Event.KindOneofCase.ExecutionSuspended =>
                new HistoryEvent.ExecutionSuspended(at, wire.ExecutionSuspended.Input),
            Wire.Event.KindOneofCase.ExecutionResumed => new HistoryEvent.ExecutionResumed(at, wire.ExecutionResumed.Input),
            Wire.Event.KindOneofCase.TaskScheduled => new HistoryEvent.TaskScheduled(
                wire.EventId,
                at,
                wire.TaskScheduled.Name,
                wire.TaskScheduled.Input,
                wire.TaskScheduled.Version,
                WireNotes.From(wire.TaskScheduled.Tags, wire.TaskScheduled.ParentTraceContext)),
            Wire.Event.KindOneofCase.TaskCompleted =>
                new HistoryEvent.TaskCompleted(at, wire.TaskCompleted.TaskScheduledId, wire.TaskCompleted.Result),
            Wire.Event.KindOneofCase.TaskFailed => new HistoryEvent.TaskFailed(
                at, wire.TaskFailed.TaskScheduledId, WireFailures.FromWire(wire.TaskFailed.FailureDetails)),
            _ => ReadRest(wire, at),
        };
    }

    private static void WriteRest(Wire.Event wire, HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.SubOrchestrationCreated child:
                wire.SubOrchestrationCreated = new() { InstanceId = child.InstanceId.Text, Name = child.Name, Version = child.Version, Input = child.Input, ParentTraceContext = WireNotes.Trace(child.Notes) };
                wire.SubOrchestrationCreated.Tags.Add(WireNotes.Tags(child.Notes));
                break;
            case HistoryEvent.SubOrchestrationCompleted done:
                wire.SubOrchestrationCompleted = new() { TaskScheduledId = done.TaskScheduledId, Result = done.Result };
                break;
            case HistoryEvent.SubOrchestrationFailed failed:
                wire.SubOrchestrationFailed = new()
                {
                    TaskScheduledId = failed.TaskScheduledId,
                    FailureDetails = WireFailures.ToWire(failed.Failure),
                };
                break;
            case HistoryEvent.TimerCreated timer:
                wire.TimerCreated = new() { FireAt = timer.FireAt.ToTimestamp() };
                break;
            case HistoryEvent.TimerFired fired:
                wire.TimerFired = new() { FireAt = fired.FireAt.ToTimestamp(), TimerId = fired.TimerId };
                break;
            case HistoryEvent.EventSent sent:
                wire.EventSent = new() { InstanceId = sent.InstanceId.Text, Name = sent.Name, Input = sent.Input };
                break;
            case HistoryEvent.EventRaised raised:
                wire.EventRaised = new() { Name = raised.Name, Input = raised.Input };
                break;
            case HistoryEvent.ContinuedAsNew next:
                wire.ContinuedAsNew = new() { Input = next.Input };
                break;
            case HistoryEvent.Generic note:
                wire.GenericNote = new() { Data = note.Text };
                break;
            default:
                throw new InvalidOperationException("An event is not known.");
        }
    }

    private static HistoryEvent ReadRest(Wire.Event wire, DateTimeOffset at) => wire.KindCase switch
    {
        Wire.Event.KindOneofCase.SubOrchestrationCreated
            when InstanceId.TryParse(wire.SubOrchestrationCreated.InstanceId, out var child) =>
            new HistoryEvent.SubOrchestrationCreated(
                wire.EventId,
                at,
                child,
                wire.SubOrchestrationCreated.Name,
                wire.SubOrchestrationCreated.Input,
                wire.SubOrchestrationCreated.Version,
                WireNotes.From(wire.SubOrchestrationCreated.Tags, wire.SubOrchestrationCreated.ParentTraceContext)),
        Wire.Event.KindOneofCase.SubOrchestrationCompleted => new HistoryEvent.SubOrchestrationCompleted(
            at, wire.SubOrchestrationCompleted.TaskScheduledId, wire.SubOrchestrationCompleted.Result),
        Wire.Event.KindOneofCase.SubOrchestrationFailed => new HistoryEvent.SubOrchestrationFailed(
            at,
            wire.SubOrchestrationFailed.TaskScheduledId,
            WireFailures.FromWire(wire.SubOrchestrationFailed.FailureDetails)),
        Wire.Event.KindOneofCase.TimerCreated => new HistoryEvent.TimerCreated(
            wire.EventId, at, WireTime.From(wire.TimerCreated.FireAt) ?? default),
        Wire.Event.KindOneofCase.TimerFired => new HistoryEvent.TimerFired(
            at, WireTime.From(wire.TimerFired.FireAt) ?? default, wire.TimerFired.TimerId),
        Wire.Event.KindOneofCase.EventSent when InstanceId.TryParse(wire.EventSent.InstanceId, out var target) =>
            new HistoryEvent.EventSent(wire.EventId, at, target, wire.EventSent.Name, wire.EventSent.Input),
        Wire.Event.KindOneofCase.EventRaised =>
            new HistoryEvent.EventRaised(at, wire.EventRaised.Name, wire.EventRaised.Input),
        Wire.Event.KindOneofCase.ContinuedAsNew => new HistoryEvent.ContinuedAsNew(at, wire.ContinuedAsNew.Input),
        _ => new HistoryEvent.Generic(wire.EventId, at, wire.GenericNote?.Data),
    };

    private static Wire.ExecutionStarted Started(HistoryEvent.ExecutionStarted started)
    {
        var wire = new Wire.ExecutionStarted
        {
            Name = started.Name,
            Version = started.Version,
            Input = started.Input,
            OrchestrationInstance = new() { InstanceId = started.InstanceId.Text, ExecutionId = started.ExecutionId },
            ScheduledStartTimestamp = started.ScheduledStart?.ToTimestamp(),
            ParentTraceContext = WireNotes.Trace(started.Notes),
            ParentInstance = started.Parent is not { } parent ? null : new()
            {
                TaskScheduledId = parent.TaskScheduledId,
                Name = parent.Name,
                OrchestrationInstance = new() { InstanceId = parent.InstanceId.Text, ExecutionId = parent.ExecutionId },
            },
        };
        wire.Tags.Add(WireNotes.Tags(started.Notes));
        return wire;
    }

    /// <summary>An instance whose id we would not give has no start we could act on.</summary>
    private static HistoryEvent Started(DateTimeOffset at, Wire.ExecutionStarted wire) =>
        InstanceId.TryParse(wire.OrchestrationInstance?.InstanceId, out var instance)
            ? new HistoryEvent.ExecutionStarted(
                at,
                wire.Name,
                wire.Input,
                instance,
                wire.OrchestrationInstance!.ExecutionId,
                Parent(wire.ParentInstance),
                wire.Version,
                WireTime.From(wire.ScheduledStartTimestamp),
                WireNotes.From(wire.Tags, wire.ParentTraceContext))
            : new HistoryEvent.Generic(HistoryEvent.NoId, at, null);

    private static ParentInstance? Parent(Wire.CallerName? wire) =>
        InstanceId.TryParse(wire?.OrchestrationInstance?.InstanceId, out var instance)
            ? new ParentInstance(instance, wire!.OrchestrationInstance.ExecutionId, wire.Name, wire.TaskScheduledId)
            : null;
}
