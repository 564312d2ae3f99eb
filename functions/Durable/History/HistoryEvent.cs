using System.Text.Json.Serialization;

namespace PracticPro.Durable.History;

/// <summary>
/// What happened to an instance: the closed set of the Durable Task protocol, one record a message, so that an engine
/// on the wire translates field by field. Entity events are not in it: there are no entities here.
/// Inputs, results and payloads are JSON text or null, hold ids and never content, and stay under the payload limit.
/// </summary>
/// <param name="EventId">
/// The action's id for an event that records an action (scheduled, created, sent); -1 for all others.
/// </param>
/// <param name="Timestamp">When it was recorded, UTC.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ExecutionStarted), "execution-started")]
[JsonDerivedType(typeof(ExecutionCompleted), "execution-completed")]
[JsonDerivedType(typeof(ExecutionTerminated), "execution-terminated")]
[JsonDerivedType(typeof(ExecutionSuspended), "execution-suspended")]
[JsonDerivedType(typeof(ExecutionResumed), "execution-resumed")]
[JsonDerivedType(typeof(TaskScheduled), "task-scheduled")]
[JsonDerivedType(typeof(TaskCompleted), "task-completed")]
[JsonDerivedType(typeof(TaskFailed), "task-failed")]
[JsonDerivedType(typeof(SubOrchestrationCreated), "sub-orchestration-created")]
[JsonDerivedType(typeof(SubOrchestrationCompleted), "sub-orchestration-completed")]
[JsonDerivedType(typeof(SubOrchestrationFailed), "sub-orchestration-failed")]
[JsonDerivedType(typeof(TimerCreated), "timer-created")]
[JsonDerivedType(typeof(TimerFired), "timer-fired")]
[JsonDerivedType(typeof(OrchestratorStarted), "orchestrator-started")]
[JsonDerivedType(typeof(OrchestratorCompleted), "orchestrator-completed")]
[JsonDerivedType(typeof(EventSent), "event-sent")]
[JsonDerivedType(typeof(EventRaised), "event-raised")]
[JsonDerivedType(typeof(ContinuedAsNew), "continued-as-new")]
[JsonDerivedType(typeof(Generic), "generic")]
internal abstract record HistoryEvent(int EventId, DateTimeOffset Timestamp)
{
    /// <summary>The id of an event that records no action.</summary>
    public const int NoId = -1;

    public sealed record ExecutionStarted(
        DateTimeOffset Timestamp,
        string Name,
        string? Input,
        InstanceId InstanceId,
        string? ExecutionId,
        ParentInstance? Parent = null,
        string? Version = null,
        DateTimeOffset? ScheduledStart = null,
        EventNotes? Notes = null) : HistoryEvent(NoId, Timestamp);

    public sealed record ExecutionCompleted(
        int EventId,
        DateTimeOffset Timestamp,
        OrchestrationStatus Status,
        string? Result,
        FailureDetails? Failure) : HistoryEvent(EventId, Timestamp);

    public sealed record ExecutionTerminated(DateTimeOffset Timestamp, string? Input, bool Recurse)
        : HistoryEvent(NoId, Timestamp);

    public sealed record ExecutionSuspended(DateTimeOffset Timestamp, string? Reason) : HistoryEvent(NoId, Timestamp);

    public sealed record ExecutionResumed(DateTimeOffset Timestamp, string? Reason) : HistoryEvent(NoId, Timestamp);

    public sealed record TaskScheduled(
        int EventId,
        DateTimeOffset Timestamp,
        string Name,
        string? Input,
        string? Version = null,
        EventNotes? Notes = null) : HistoryEvent(EventId, Timestamp);

    public sealed record TaskCompleted(DateTimeOffset Timestamp, int TaskScheduledId, string? Result)
        : HistoryEvent(NoId, Timestamp);

    public sealed record TaskFailed(DateTimeOffset Timestamp, int TaskScheduledId, FailureDetails? Failure)
        : HistoryEvent(NoId, Timestamp);

    public sealed record SubOrchestrationCreated(
        int EventId,
        DateTimeOffset Timestamp,
        InstanceId InstanceId,
        string Name,
        string? Input,
        string? Version = null,
        EventNotes? Notes = null) : HistoryEvent(EventId, Timestamp);

    public sealed record SubOrchestrationCompleted(DateTimeOffset Timestamp, int TaskScheduledId, string? Result)
        : HistoryEvent(NoId, Timestamp);

    public sealed record SubOrchestrationFailed(DateTimeOffset Timestamp, int TaskScheduledId, FailureDetails? Failure)
        : HistoryEvent(NoId, Timestamp);

    public sealed record TimerCreated(int EventId, DateTimeOffset Timestamp, DateTimeOffset FireAt)
        : HistoryEvent(EventId, Timestamp)
    {
        /// <summary>
        /// A host that splits a too large turn makes a timer of its own with this id; it is not ours.
        /// </summary>
        public const int HostMadeId = -100;
    }

    public sealed record TimerFired(DateTimeOffset Timestamp, DateTimeOffset FireAt, int TimerId)
        : HistoryEvent(NoId, Timestamp);

    /// <summary>Opens every turn, and is the orchestration's clock in it.</summary>
    public sealed record OrchestratorStarted(DateTimeOffset Timestamp) : HistoryEvent(NoId, Timestamp);

    public sealed record OrchestratorCompleted(DateTimeOffset Timestamp) : HistoryEvent(NoId, Timestamp);

    public sealed record EventSent(
        int EventId,
        DateTimeOffset Timestamp,
        InstanceId InstanceId,
        string Name,
        string? Input) : HistoryEvent(EventId, Timestamp);

    public sealed record EventRaised(DateTimeOffset Timestamp, string Name, string? Input)
        : HistoryEvent(NoId, Timestamp);

    public sealed record ContinuedAsNew(DateTimeOffset Timestamp, string? Input) : HistoryEvent(NoId, Timestamp);

    /// <summary>Anything a host notes that the executor does not act on.</summary>
    public sealed record Generic(int EventId, DateTimeOffset Timestamp, string? Text)
        : HistoryEvent(EventId, Timestamp);
}

/// <summary>Who waits for this instance, and under which of its ids.</summary>
internal sealed record ParentInstance(InstanceId InstanceId, string? ExecutionId, string? Name, int TaskScheduledId);

/// <summary>What a worker has us keep beside a call and hand on with it. Our own code sets and reads none of it.</summary>
/// <param name="TraceParent">W3C Trace Context <c>traceparent</c>.</param>
/// <param name="TraceState">W3C Trace Context <c>tracestate</c>.</param>
internal sealed record EventNotes(
    IReadOnlyDictionary<string, string>? Tags = null,
    string? TraceParent = null,
    string? TraceState = null);
