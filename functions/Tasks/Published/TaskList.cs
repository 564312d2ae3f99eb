using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Tasks.Published;

/// <summary>The practice's own list, for the one who may add to it: the approval workflow. A test holds that (APR-1).</summary>
internal static class TaskList
{
    /// <summary>Puts a task on the list, in the same write as the end of its approval and its leaf.</summary>
    public static Operation Add(
        TenantScope scope, PracticeTaskId id, TaskContent task, ApprovalId approval, DateTimeOffset now) => scope.Put(
        TaskKinds.Task,
        new PracticeTask(id, approval, task.Title, task.Due, task.Notes, now, TaskState.Open),
        Condition.Absent);
}
