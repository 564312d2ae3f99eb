using PracticPro.Audit;
using PracticPro.Sync.Published;
using PracticPro.Tasks.Published;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>Puts an approved task on its list, once: that of a connected account, or the practice's own.</summary>
internal sealed class WriteTask(ITaskWriter tasks, WriteOnce write, SendApproved send)
{
    public async Task<DateTimeOffset?> SendAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) =>
        stored.Value.Connection is null
            ? await PutOnOwnListAsync(scope, stored, cancellation)
            : await write.SendAsync(tasks, scope, stored, OvertakenAsync, cancellation);

    public async Task<DateTimeOffset?> LookUpAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) => await write.LookUpAsync(
        tasks, ((OutgoingTask)stored.Value.Action).Order, scope, stored, OvertakenAsync, cancellation);

    /// <summary>The practice's own list is in the same store: the task, the approval's end and the leaf are one write.</summary>
    private async Task<DateTimeOffset?> PutOnOwnListAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation)
    {
        var approval = stored.Value;
        if (!approval.IsWhatWasApproved)
        {
            throw new InvalidOperationException("Only what was approved gets on the list.");
        }

        var order = ((OutgoingTask)approval.Action).Order;
        var task = PracticeTaskId.From(Convert.FromHexString(order.Mark.Hex));
        await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.ConfirmSent,
            one => one with { Progress = one.Progress! with { SentId = task.Text, EndedAt = send.Now } },
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.TaskAdded, approval).On("task", task.Text),
            [TaskList.Add(scope, task, order.Task, approval.Id, send.Now)],
            cancellation);
        return null;
    }

    private Task<DateTimeOffset?> OvertakenAsync(
        TenantScope scope, Stored<Approval> stored, CancellationToken cancellation) =>
        send.LoseTrackAsync(scope, stored, stored.Value.Progress!.LooksAfter, cancellation);
}
