using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.Wire;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>Makes events. Those that no action stands behind carry the event id -1.</summary>
internal static class Events
{
    private const int NoAction = -1;

    public static Event OrchestratorStarted(DateTimeOffset now) =>
        Bare(now, NoAction, one => one.OrchestratorStarted = new OrchestratorStarted());

    public static Event OrchestratorCompleted(DateTimeOffset now) =>
        Bare(now, NoAction, one => one.OrchestratorCompleted = new OrchestratorCompleted());

    public static Event Of(DateTimeOffset now, ExecutionStarted started) =>
        Bare(now, NoAction, one => one.ExecutionStarted = started);

    public static Event Raised(DateTimeOffset now, string name, string? input) =>
        Bare(now, NoAction, one => one.EventRaised = new EventRaised { Name = name, Input = input });

    public static Event Note(DateTimeOffset now, string? text) =>
        Bare(now, NoAction, one => one.GenericNote = new GenericNote { Data = text });

    public static Event Suspended(DateTimeOffset now, string? reason) =>
        Bare(now, NoAction, one => one.ExecutionSuspended = new ExecutionSuspended { Input = reason });

    public static Event Resumed(DateTimeOffset now, string? reason) =>
        Bare(now, NoAction, one => one.ExecutionResumed = new ExecutionResumed { Input = reason });

    public static Event Terminated(DateTimeOffset now, string? output, bool recurse) =>
        Bare(now, NoAction, one => one.ExecutionTerminated = new ExecutionTerminated { Input = output, Recurse = recurse });

    public static Event TaskCompleted(DateTimeOffset now, int task, string? result) =>
        Bare(now, NoAction, one => one.TaskCompleted = new TaskCompleted { TaskScheduledId = task, Result = result });

    public static Event TaskFailed(DateTimeOffset now, int task, Failure? failure) =>
        Bare(now, NoAction, one => one.TaskFailed = new TaskFailed { TaskScheduledId = task, FailureDetails = failure });

    public static Event ChildCompleted(DateTimeOffset now, int task, string? result) => Bare(
        now, NoAction, one => one.SubOrchestrationCompleted = new SubOrchestrationCompleted { TaskScheduledId = task, Result = result });

    public static Event ChildFailed(DateTimeOffset now, int task, Failure? failure) => Bare(
        now, NoAction, one => one.SubOrchestrationFailed = new SubOrchestrationFailed { TaskScheduledId = task, FailureDetails = failure });

    public static Event TimerFired(DateTimeOffset now, int timer, Timestamp due) =>
        Bare(now, NoAction, one => one.TimerFired = new TimerFired { TimerId = timer, FireAt = due });

    public static Event ExecutionCompleted(DateTimeOffset now, int action, RuntimeStatus status, string? result) => Bare(
        now, action, one => one.ExecutionCompleted = new ExecutionCompleted { OrchestrationStatus = status, Result = result });

    /// <summary>An event that <paramref name="fill"/> gives its kind.</summary>
    public static Event Bare(DateTimeOffset now, int eventId, Action<Event> fill)
    {
        var made = new Event { EventId = eventId, Timestamp = Timestamp.FromDateTimeOffset(now) };
        fill(made);
        return made;
    }
}
