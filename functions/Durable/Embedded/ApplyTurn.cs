using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// Takes a turn's result: messages consumed, history appended, and all that the turn asked for, in one transaction.
/// </summary>
/// <param name="childrenRunAgain">
/// A call of a sub-orchestration under the id of an earlier one of this instance, which has completed, replaces it:
/// other makers' workers try again under the same id.
/// </param>
internal sealed class ApplyTurn(
    InstanceCell cell,
    List<InboxMessage> taken,
    TurnResult result,
    byte[] history,
    bool childrenRunAgain = false) : HubCommand
{
    private InstanceStatus? final;
    private InstanceStatus? started;

    public override void Apply(HubCore core)
    {
        core.RunningTurns--;
        cell.InTurn = false;
        cell.CustomStatus = result.CustomStatus;
        Consume(core);
        var end = result.Actions.OfType<OrchestratorAction.CompleteOrchestration>().LastOrDefault();
        if (end?.Status != OrchestrationStatus.ContinuedAsNew)
        {
            core.Tables.History.Insert(cell.Key, cell.Turn++, history);
        }

        foreach (var action in result.Actions)
        {
            CarryOut(core, action, end?.Status);
        }

        switch (end?.Status)
        {
            case null:
                GoOn(core);
                break;
            case OrchestrationStatus.ContinuedAsNew:
                StartGeneration.Apply(core, cell, taken, end);
                break;
            default:
                Finish(core, end);
                break;
        }

        started = core.Starts.Any(cell.Id) ? core.Tables.Instances.Status(cell.Id) : null;
    }

    public override void Committed(HubCore core)
    {
        if (started is not null)
        {
            core.Starts.Release(cell.Id, started);
        }

        if (final is not null)
        {
            core.Waiters.Release(cell.Id, final);
        }
    }

    private void Consume(HubCore core)
    {
        core.Tables.Inbox.DeleteThrough(cell.Key, taken[^1].Seq);
        cell.Messages?.RemoveRange(0, taken.Count);
    }

    private void CarryOut(HubCore core, OrchestratorAction action, OrchestrationStatus? end)
    {
        switch (action)
        {
            // A terminated instance waits for no answers, so what it scheduled last is not begun.
            case OrchestratorAction.ScheduleTask when end == OrchestrationStatus.Terminated:
            case OrchestratorAction.CompleteOrchestration:
                break;
            case OrchestratorAction.ScheduleTask task:
                core.Tasks.Add(cell, task);
                break;
            case OrchestratorAction.CreateTimer timer:
                core.Tables.Timers.Insert(cell, timer.Id, timer.FireAt);
                core.Timers.Added(timer.FireAt);
                break;
            case OrchestratorAction.SendEvent send:
                Send(core, send);
                break;
            case OrchestratorAction.CreateSubOrchestration create:
                CreateChild(core, create);
                break;
            default:
                throw new InvalidOperationException("An action is not known.");
        }
    }

    private void Send(HubCore core, OrchestratorAction.SendEvent send)
    {
        if (core.Cells.Find(send.InstanceId) is { } target && !target.Status.IsFinal())
        {
            core.Deliver(target, new HistoryEvent.EventRaised(cell.UpdatedAt, send.Name, send.Payload));
        }
    }

    private void CreateChild(HubCore core, OrchestratorAction.CreateSubOrchestration create)
    {
        var link = new ParentLink(cell.Key, cell.Generation, create.Id);
        var before = core.Cells.Find(create.InstanceId);
        if (before is not null && childrenRunAgain && before.Status.IsFinal() && before.Parent?.Key == cell.Key)
        {
            core.Purge(before.Key);
        }
        else if (before is not null)
        {
            var taken = FailureDetails.OfEngine(FailureCodes.InstanceExists);
            core.Tell(link, id => new HistoryEvent.SubOrchestrationFailed(cell.UpdatedAt, id, taken));
            return;
        }

        var caller = new ParentInstance(cell.Id, cell.Execution, cell.Name, create.Id);
        core.Create(new NewInstance(
            create.InstanceId,
            create.Name,
            create.Input,
            link,
            caller,
            before?.UpdatedAt ?? default,
            create.Version,
            create.Notes));
    }

    private void GoOn(HubCore core)
    {
        var status = result.IsSuspended ? OrchestrationStatus.Suspended : OrchestrationStatus.Running;
        var changed = cell.Status != status;
        cell.Status = status;
        core.Tables.Instances.SaveTurn(cell, changed);
        MakeReady(core);
    }

    private void Finish(HubCore core, OrchestratorAction.CompleteOrchestration end)
    {
        cell.Status = end.Status;
        core.Cells.Drop(cell);
        core.Tables.Inbox.DeleteAll(cell.Key);

        // A failure's code stands in the failure; the result column holds JSON only.
        var output = end.Status == OrchestrationStatus.Failed ? null : end.Result;
        core.Tables.Instances.SaveEnd(cell, output, end.Failure, core.Time.GetUtcNow());
        TellParent(core, end);
        if (taken.Any(message => message.Event is HistoryEvent.ExecutionTerminated { Recurse: true }))
        {
            TerminateChildren(core, end.Result);
        }

        final = core.Waiters.Any(cell.Id) ? core.Tables.Instances.Status(cell.Id) : null;
    }

    private void TellParent(HubCore core, OrchestratorAction.CompleteOrchestration end) =>
        core.Tell(cell.Parent, id => end.Status switch
        {
            OrchestrationStatus.Completed =>
                new HistoryEvent.SubOrchestrationCompleted(cell.UpdatedAt, id, end.Result),
            OrchestrationStatus.Terminated => new HistoryEvent.SubOrchestrationFailed(
                cell.UpdatedAt, id, FailureDetails.OfEngine(FailureCodes.Terminated)),
            _ => new HistoryEvent.SubOrchestrationFailed(cell.UpdatedAt, id, end.Failure),
        });

    private void TerminateChildren(HubCore core, string? reason)
    {
        foreach (var key in core.Tables.Instances.Children(cell.Key))
        {
            if (core.Cells.Find(key) is { } child && !child.Status.IsFinal())
            {
                core.Deliver(child, new HistoryEvent.ExecutionTerminated(cell.UpdatedAt, reason, Recurse: true));
            }
        }
    }

    private void MakeReady(HubCore core)
    {
        core.Cells.Trim();
        if (cell.Messages is not { Count: 0 })
        {
            core.Turns.Add(cell.Key);
        }
    }
}
