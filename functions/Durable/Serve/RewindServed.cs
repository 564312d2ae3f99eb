using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Serve;

/// <summary>
/// Takes a failed instance back to before its last turn. What that turn took waits again, but for failures: a failed
/// activity is done again, a failed sub-orchestration is itself rewound. What the turn asked for is taken back where it
/// has not been done; where it has, it is done twice, as activities may be.
/// </summary>
internal sealed class RewindServed(InstanceId instance) : HubCommand<CommandOutcome>
{
    protected override CommandOutcome Decide(HubCore core)
    {
        if (core.Cells.Find(instance) is not { } cell)
        {
            return CommandOutcome.NotFound;
        }

        if (cell.Status != OrchestrationStatus.Failed)
        {
            return CommandOutcome.AlreadyCompleted;
        }

        Rewind(core, cell);
        return CommandOutcome.Accepted;
    }

    private static void Rewind(HubCore core, InstanceCell cell)
    {
        var pieces = core.Tables.History.Load(cell.Key);
        var last = HistoryJson.Parse(pieces[^1]);
        core.Tables.History.DeleteTurn(cell.Key, --cell.Turn);
        cell.Status = cell.Turn == 0 ? OrchestrationStatus.Pending : OrchestrationStatus.Running;
        (cell.Run, cell.Unseen, cell.Messages) = (null, [], null);
        core.Tables.Instances.Reopen(cell);
        foreach (var asked in last)
        {
            TakeBack(core, cell, asked);
        }

        var asleep = new HistoryEvent.Generic(HistoryEvent.NoId, core.Time.GetUtcNow(), "rewound");
        core.Deliver(cell, asleep);
        foreach (var taken in last)
        {
            Redo(core, cell, pieces, taken);
        }
    }

    private static void TakeBack(HubCore core, InstanceCell cell, HistoryEvent asked)
    {
        switch (asked)
        {
            case HistoryEvent.TaskScheduled:
                core.Tables.Tasks.DeleteCall(cell, asked.EventId);
                break;
            case HistoryEvent.TimerCreated:
                core.Tables.Timers.DeleteCall(cell, asked.EventId);
                break;
        }
    }

    private static void Redo(HubCore core, InstanceCell cell, List<byte[]> pieces, HistoryEvent taken)
    {
        switch (taken)
        {
            case HistoryEvent.TaskFailed failed when Asked<HistoryEvent.TaskScheduled>(pieces, failed.TaskScheduledId) is { } call:
                core.Tasks.Add(cell, new OrchestratorAction.ScheduleTask(
                    call.EventId, call.Name, call.Input, call.Version, call.Notes));
                break;
            case HistoryEvent.SubOrchestrationFailed failed
                when Asked<HistoryEvent.SubOrchestrationCreated>(pieces, failed.TaskScheduledId) is { } call
                    && core.Cells.Find(call.InstanceId) is { Status: OrchestrationStatus.Failed } child
                    && child.Parent?.Key == cell.Key:
                Rewind(core, child);
                break;
            case HistoryEvent.OrchestratorStarted or HistoryEvent.OrchestratorCompleted or HistoryEvent.ExecutionCompleted
                or HistoryEvent.TaskScheduled or HistoryEvent.SubOrchestrationCreated or HistoryEvent.TimerCreated
                or HistoryEvent.EventSent:
                break;
            default:
                core.Deliver(cell, taken);
                break;
        }
    }

    private static T? Asked<T>(List<byte[]> pieces, int id)
        where T : HistoryEvent => pieces
        .SelectMany(piece => HistoryJson.Parse(piece))
        .OfType<T>()
        .FirstOrDefault(call => call.EventId == id);
}
