using System.Collections.Frozen;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Tasks.Published;

namespace PracticPro.Tasks;

internal enum TaskState
{
    Open,
    Done,
}

internal enum TaskMove
{
    Complete,
    Reopen,
}

/// <summary>Something the practice has to do.</summary>
/// <param name="Approval">The approved action that put it on the list.</param>
/// <param name="Title">One line.</param>
/// <param name="Due">The day it is to be done by, or null.</param>
/// <param name="Notes">Plain text; may be empty.</param>
/// <param name="DoneBy">Who completed it; null while it is open.</param>
internal sealed record PracticeTask(
    PracticeTaskId Id,
    ApprovalId Approval,
    string Title,
    DateOnly? Due,
    string Notes,
    DateTimeOffset AddedAt,
    TaskState State,
    PersonId? DoneBy = null,
    DateTimeOffset? DoneAt = null)
{
    public const string ByState = "by-state";
}

/// <summary>Every allowed move of a task. What is not listed is refused.</summary>
internal static class TaskTransitions
{
    private static readonly FrozenDictionary<(TaskState From, TaskMove Move), TaskState> Table =
        new Dictionary<(TaskState, TaskMove), TaskState>
        {
            [(TaskState.Open, TaskMove.Complete)] = TaskState.Done,
            [(TaskState.Done, TaskMove.Reopen)] = TaskState.Open,
        }.ToFrozenDictionary();

    public static TaskState? After(TaskState from, TaskMove move) => Table.TryGetValue((from, move), out var to) ? to : null;
}
