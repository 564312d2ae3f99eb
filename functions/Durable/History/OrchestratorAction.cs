using System.Text.Json.Serialization;

namespace PracticPro.Durable.History;

/// <summary>
/// What a turn asks its engine to do, one record a message of the protocol. Ids are given in the order of the calls,
/// from 0 in every execution, and come back as the event id of the event that records the action.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ScheduleTask), "schedule-task")]
[JsonDerivedType(typeof(CreateSubOrchestration), "create-sub-orchestration")]
[JsonDerivedType(typeof(CreateTimer), "create-timer")]
[JsonDerivedType(typeof(SendEvent), "send-event")]
[JsonDerivedType(typeof(CompleteOrchestration), "complete-orchestration")]
internal abstract record OrchestratorAction(int Id)
{
    /// <summary>The event that records this action in the history of the turn.</summary>
    public abstract HistoryEvent ToEvent(DateTimeOffset timestamp);

    public sealed record ScheduleTask(
        int Id,
        string Name,
        string? Input,
        string? Version = null,
        EventNotes? Notes = null) : OrchestratorAction(Id)
    {
        public override HistoryEvent ToEvent(DateTimeOffset timestamp) =>
            new HistoryEvent.TaskScheduled(Id, timestamp, Name, Input, Version, Notes);
    }

    public sealed record CreateSubOrchestration(
        int Id,
        InstanceId InstanceId,
        string Name,
        string? Input,
        string? Version = null,
        EventNotes? Notes = null) : OrchestratorAction(Id)
    {
        public override HistoryEvent ToEvent(DateTimeOffset timestamp) =>
            new HistoryEvent.SubOrchestrationCreated(Id, timestamp, InstanceId, Name, Input, Version, Notes);
    }

    public sealed record CreateTimer(int Id, DateTimeOffset FireAt) : OrchestratorAction(Id)
    {
        public override HistoryEvent ToEvent(DateTimeOffset timestamp) =>
            new HistoryEvent.TimerCreated(Id, timestamp, FireAt);
    }

    public sealed record SendEvent(int Id, InstanceId InstanceId, string Name, string? Payload)
        : OrchestratorAction(Id)
    {
        public override HistoryEvent ToEvent(DateTimeOffset timestamp) =>
            new HistoryEvent.EventSent(Id, timestamp, InstanceId, Name, Payload);
    }

    /// <param name="Result">Output, new input (continue-as-new), failure code, or reason (terminated).</param>
    /// <param name="CarryoverEvents">Events nobody took; only with continue-as-new.</param>
    public sealed record CompleteOrchestration(
        int Id,
        OrchestrationStatus Status,
        string? Result,
        FailureDetails? Failure = null,
        IReadOnlyList<HistoryEvent.EventRaised>? CarryoverEvents = null,
        string? NewVersion = null) : OrchestratorAction(Id)
    {
        public override HistoryEvent ToEvent(DateTimeOffset timestamp) =>
            new HistoryEvent.ExecutionCompleted(Id, timestamp, Status, Result, Failure);
    }
}
