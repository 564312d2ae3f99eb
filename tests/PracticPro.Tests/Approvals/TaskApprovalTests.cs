using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Sync.Published;
using PracticPro.Tasks;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Approvals;

[Trait("Promise", "APR-3")]
public sealed class TaskApprovalTests
{
    private static readonly TaskContent Call = new("Call Ada back", new DateOnly(2030, 3, 15), "She asked about the bill.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task A_task_gets_on_the_practice_s_list_by_an_approval_and_once()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var proposed = await outbound.ProposeTaskAsync(Call, own: true);
        await outbound.Premises.PassAsync(TimeSpan.FromHours(1));
        Assert.Empty(await ListAsync(outbound));

        await outbound.ApprovedAsync(proposed);
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        var sent = await outbound.UntilAsync(proposed, ApprovalState.Sent);
        var task = Assert.Single(await ListAsync(outbound));
        Assert.Equal((Call.Title, Call.Due, Call.Notes, sent.Id), (task.Title, task.Due, task.Notes, task.Approval));
        Assert.Equal(task.Id.Text, sent.Progress!.SentId);
        Assert.Single(await outbound.Premises.LeavesAsync(AuditAct.TaskAdded));
        Assert.Empty(await outbound.Tasks.TasksAsync());
    }

    [Fact]
    public async Task A_crash_before_any_write_on_the_way_puts_one_task_on_the_list()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var crashed = true;
        for (var write = 1; crashed; write++)
        {
            var title = $"Before write {write}";
            var approved = await outbound.ApprovedAsync(await outbound.ProposeTaskAsync(Call with { Title = title }, own: true, title));
            var (writes, last) = (0, write);
            await outbound.RestartAsync(() =>
            {
                if (Interlocked.Increment(ref writes) >= last)
                {
                    throw new IOException("The disk is gone.");
                }
            });
            outbound.Premises.Clock.Advance(OutboundPremises.UndoDelay);
            await outbound.Premises.IdleAsync();
            crashed = writes >= last;
            await outbound.RestartAsync();
            await outbound.UntilAsync(approved, ApprovalState.Sent);
            Assert.Single(await ListAsync(outbound), task => task.Title == title);
            Assert.InRange(write, 1, 12);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WriteFault.LoseAnswer)]
    [InlineData(WriteFault.RateLimit)]
    public async Task A_task_of_a_connected_account_is_put_on_its_list_once(WriteFault? fault)
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var approved = await outbound.ApprovedAsync(await outbound.ProposeTaskAsync(Call, own: false));
        if (fault is { } what)
        {
            outbound.Tasks.FailNextWrite(what);
        }

        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        await outbound.UntilAsync(approved, ApprovalState.Sent);
        Assert.Equal(Call, Assert.Single(await outbound.Tasks.TasksAsync()));
        Assert.Empty(await ListAsync(outbound));
    }

    [Theory]
    [InlineData(WriteFault.LoseRequest)]
    [InlineData(WriteFault.ServerError)]
    public async Task Where_it_cannot_be_found_again_it_is_unknown_and_never_tried_a_second_time(WriteFault fault)
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var approved = await outbound.ApprovedAsync(await outbound.ProposeTaskAsync(Call, own: false));
        outbound.Tasks.FailNextWrite(fault);
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        await outbound.UntilAsync(approved, ApprovalState.Unknown);
        await outbound.Premises.PassAsync(TimeSpan.FromDays(1));
        Assert.Empty(await outbound.Tasks.TasksAsync());
        Assert.Single(await outbound.Premises.LeavesAsync(AuditAct.WriteAttempted));
        Assert.Single(await outbound.Premises.LeavesAsync(AuditAct.WriteUnknown));
    }

    [Fact]
    [Trait("Promise", "APR-4")]
    public async Task An_edited_task_is_another_and_only_that_one_gets_on_the_list()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var proposed = await outbound.ProposeTaskAsync(Call, own: true);
        var edit = new EditApproval.Edit(proposed.Digest.Hex, null, null, null) { Task = Call with { Title = "Write to Ada" } };
        var edited = (await outbound.Premises.Get<EditApproval>().RunAsync(outbound.Premises.Owner, proposed.Id, edit, Cancellation)).Expect();
        Assert.NotEqual(proposed.Digest, edited.Digest);
        await outbound.ApprovedAsync(edited);
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        await outbound.UntilAsync(edited, ApprovalState.Sent);
        Assert.Equal("Write to Ada", Assert.Single(await ListAsync(outbound)).Title);
    }

    private static async Task<IReadOnlyList<PracticeTask>> ListAsync(OutboundPremises outbound) =>
        (await outbound.Premises.Get<ReadTasks>().ListAsync(outbound.Premises.Tenant, TaskState.Open, 100, null, Cancellation)).Items;
}
