using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Tasks;
using PracticPro.Tasks.Published;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Tasks;

public sealed class PracticeTaskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_pair_of_state_and_move_is_decided()
    {
        var found = from state in Enum.GetValues<TaskState>()
                    from move in Enum.GetValues<TaskMove>()
                    let to = TaskTransitions.After(state, move)
                    where to is not null
                    select $"{state} {move} {to}";
        Assert.Equal(["Done Reopen Open", "Open Complete Done"], found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_task_is_ticked_off_and_opened_again_with_a_leaf_each()
    {
        await using var premises = await Premises.OpenAsync();
        var id = await AddAsync(premises);
        var complete = premises.Get<CompleteTask>();
        var done = (await complete.RunAsync(premises.Owner, id, Cancellation)).Expect();
        Assert.Equal((TaskState.Done, premises.Owner.Person.Id), (done.State, done.DoneBy));
        Assert.IsType<TaskFailures.AlreadySo>((await complete.RunAsync(premises.Owner, id, Cancellation)).Failure);
        var open = (await complete.ReopenAsync(premises.Owner, id, Cancellation)).Expect();
        Assert.Equal((TaskState.Open, null, null), (open.State, open.DoneBy, open.DoneAt));
        Assert.Single(await premises.LeavesAsync(AuditAct.TaskCompleted));
        Assert.Single(await premises.LeavesAsync(AuditAct.TaskReopened));
    }

    [Fact]
    public async Task Of_many_who_tick_it_off_at_once_one_does()
    {
        await using var premises = await Premises.OpenAsync();
        var id = await AddAsync(premises);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => premises.Get<CompleteTask>().RunAsync(premises.Owner, id, Cancellation)));
        Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.Single(await premises.LeavesAsync(AuditAct.TaskCompleted));
    }

    [Fact]
    public async Task A_task_that_is_none_is_not_found()
    {
        await using var premises = await Premises.OpenAsync();
        var outcome = await premises.Get<CompleteTask>().RunAsync(premises.Owner, PracticeTaskId.From(new byte[16]), Cancellation);
        Assert.IsType<TaskFailures.NoSuchTask>(outcome.Failure);
    }

    [Fact]
    public void Both_roles_work_on_the_list() => Assert.All(
        (string[])[Roles.Owner, Roles.FrontDesk],
        role => Assert.Contains(Permission.CompleteTasks, Roles.PermissionsOf(role)));

    private static async Task<PracticeTaskId> AddAsync(Premises premises)
    {
        var id = PracticeTaskId.From("0123456789abcdef"u8);
        var scope = await premises.ScopeAsync();
        Assert.IsType<CommitOutcome.Committed>(await scope.CommitAsync(
            [TaskList.Add(scope, id, new TaskContent("Call Ada", null, ""), ApprovalId.From(new byte[16]), premises.Clock.GetUtcNow())],
            Cancellation));
        return id;
    }
}
