using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tasks.Published;

namespace PracticPro.Tasks;

/// <summary>A person ticks a task off, or takes the tick back.</summary>
internal sealed class CompleteTask(TenantScopes scopes, TimeProvider time)
{
    public Task<Outcome<PracticeTask>> RunAsync(SignedIn by, PracticeTaskId id, CancellationToken cancellation) =>
        MoveAsync(by, id, TaskMove.Complete, AuditAct.TaskCompleted, cancellation);

    public Task<Outcome<PracticeTask>> ReopenAsync(SignedIn by, PracticeTaskId id, CancellationToken cancellation) =>
        MoveAsync(by, id, TaskMove.Reopen, AuditAct.TaskReopened, cancellation);

    private async Task<Outcome<PracticeTask>> MoveAsync(
        SignedIn by, PracticeTaskId id, TaskMove move, AuditAct act, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        if (await scope.FindAsync(TaskKinds.Task, id.Text, cancellation) is not { } stored)
        {
            return new TaskFailures.NoSuchTask();
        }

        if (TaskTransitions.After(stored.Value.State, move) is not { } state)
        {
            return new TaskFailures.AlreadySo();
        }

        var done = state == TaskState.Done;
        var moved = stored.Value with
        {
            State = state,
            DoneBy = done ? by.Person.Id : null,
            DoneAt = done ? time.GetUtcNow() : null,
        };
        var outcome = await scope.CommitAsync(
            new AuditEntry(by.Actor, act).On("task", id.Text),
            [scope.Put(TaskKinds.Task, moved, Condition.Is(stored.Version))],
            cancellation);
        return outcome is CommitOutcome.Committed ? moved : new TaskFailures.AlreadySo();
    }
}
