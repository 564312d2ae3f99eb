using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>
/// Actions the code has asked for and the history has not recorded yet. Ids count from 0 through the whole execution,
/// in the order of the calls.
/// </summary>
internal sealed class PendingActions
{
    private SortedDictionary<int, OrchestratorAction> actions = [];
    private SortedDictionary<int, OrchestratorAction>? held;
    private int nextId;

    /// <summary>Ordered by id.</summary>
    public IEnumerable<OrchestratorAction> Actions => actions.Values;

    public int TakeId() => nextId++;

    public void Add(OrchestratorAction action) => actions.Add(action.Id, action);

    public void Clear() => actions.Clear();

    /// <summary>Takes what is pending out of sight, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        held ??= actions;
        actions = [];
    }

    public void Release()
    {
        actions = held ?? actions;
        held = null;
    }

    /// <summary>Ticks off the action that a history event records. Inputs are not compared.</summary>
    /// <exception cref="NonDeterminismException">No pending action has that id, kind and name.</exception>
    public void Confirm(HistoryEvent recorded)
    {
        actions.TryGetValue(recorded.EventId, out var action);
        var matches = (recorded, action) switch
        {
            (HistoryEvent.TaskScheduled task, OrchestratorAction.ScheduleTask done) => Same(task.Name, done.Name),
            (HistoryEvent.SubOrchestrationCreated child, OrchestratorAction.CreateSubOrchestration done) =>
                Same(child.Name, done.Name),
            (HistoryEvent.EventSent sent, OrchestratorAction.SendEvent done) => Same(sent.Name, done.Name),
            (HistoryEvent.TimerCreated, OrchestratorAction.CreateTimer) => true,
            _ => false,
        };
        if (!matches)
        {
            throw new NonDeterminismException(recorded, action);
        }

        actions.Remove(recorded.EventId);
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
