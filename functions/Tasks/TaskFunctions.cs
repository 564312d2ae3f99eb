using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Tasks.Published;
using PracticPro.Vault;

namespace PracticPro.Tasks;

/// <summary>This room's endpoints. There is none that adds a task: that is an approval's.</summary>
internal static class TaskFunctions
{
    private const string Tasks = "/api/v1/tasks";
    private const string One = $"{Tasks}/{{id:task}}";

    public static void MapTasks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Tasks, ListAsync).RequirePermission(Permission.ReadTasks);
        routes.MapPost($"{One}/complete", CompleteAsync).RequirePermission(Permission.CompleteTasks);
        routes.MapPost($"{One}/reopen", ReopenAsync).RequirePermission(Permission.CompleteTasks);
    }

    private static async Task<Outcome<Page<TaskAnswer>>> ListAsync(
        SignedIn by, string? state, [AsParameters] PageQuery query, ReadTasks read, CancellationToken cancellation)
    {
        if (StateOf(state) is not { } which)
        {
            return new TaskFailures.NoSuchState();
        }

        return query.Read().Try(out var paging, out var why)
            ? (await read.ListAsync(by.Tenant, which, paging.Limit, paging.After, cancellation)).Select(TaskAnswer.Of)
            : why;
    }

    private static async Task<Outcome<TaskAnswer>> CompleteAsync(
        SignedIn by, PracticeTaskId id, CompleteTask complete, CancellationToken cancellation) =>
        (await complete.RunAsync(by, id, cancellation)).Then(TaskAnswer.Of);

    private static async Task<Outcome<TaskAnswer>> ReopenAsync(
        SignedIn by, PracticeTaskId id, CompleteTask complete, CancellationToken cancellation) =>
        (await complete.ReopenAsync(by, id, cancellation)).Then(TaskAnswer.Of);

    private static TaskState? StateOf(string? word) => word switch
    {
        null or "" => TaskState.Open,
        _ when word == IndexText.State(TaskState.Open) => TaskState.Open,
        _ when word == IndexText.State(TaskState.Done) => TaskState.Done,
        _ => null,
    };

    internal sealed record TaskAnswer(
        PracticeTaskId Id,
        ApprovalId Approval,
        string Title,
        DateOnly? Due,
        string Notes,
        TaskState State,
        DateTimeOffset AddedAt,
        PersonId? DoneBy,
        DateTimeOffset? DoneAt)
    {
        public static TaskAnswer Of(PracticeTask task) => new(
            task.Id, task.Approval, task.Title, task.Due, task.Notes, task.State, task.AddedAt, task.DoneBy, task.DoneAt);
    }
}
