using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// Continue-as-new: an empty history, and an inbox that begins with the new start and the events carried over. What
/// came during the turn follows; answers to the old generation among it are dropped, since their ids are given anew.
/// All in the transaction of the turn that asked for it.
/// </summary>
internal static class StartGeneration
{
    public static void Apply(
        HubCore core,
        InstanceCell cell,
        List<InboxMessage> taken,
        OrchestratorAction.CompleteOrchestration end)
    {
        var late = core.Tables.Inbox.Load(cell.Key, int.MaxValue).Select(message => message.Event);
        var start = Start(core, cell, taken);
        core.Tables.Inbox.DeleteAll(cell.Key);
        core.Tables.History.Delete(cell.Key);
        cell.Generation++;
        cell.Turn = 0;
        cell.Execution = IdText.New("run", core.Time);
        cell.Version = end.NewVersion ?? start?.Version;
        cell.Status = OrchestrationStatus.Running;
        (cell.Run, cell.Unseen, cell.Messages) = (null, [], []);
        core.Tables.Instances.SaveTurn(cell, statusChanged: true);
        core.Deliver(cell, new HistoryEvent.ExecutionStarted(
            cell.UpdatedAt, cell.Name, end.Result, cell.Id, cell.Execution, start?.Parent, cell.Version, null, start?.Notes));
        foreach (var carried in end.CarryoverEvents ?? [])
        {
            core.Deliver(cell, carried);
        }

        foreach (var message in late.Where(SurvivesGeneration))
        {
            core.Deliver(cell, message);
        }
    }

    /// <summary>
    /// The generation's start, whose caller, version and notes the next one keeps: the one that this turn took, or that
    /// of the first piece.
    /// </summary>
    private static HistoryEvent.ExecutionStarted? Start(HubCore core, InstanceCell cell, List<InboxMessage> taken)
    {
        var start = taken.Select(message => message.Event).OfType<HistoryEvent.ExecutionStarted>().FirstOrDefault();
        return start is null && core.Tables.History.First(cell.Key) is { } first
            ? HistoryJson.Parse(first).OfType<HistoryEvent.ExecutionStarted>().FirstOrDefault()
            : start;
    }

    private static bool SurvivesGeneration(HistoryEvent message) => message
        is HistoryEvent.EventRaised or HistoryEvent.ExecutionSuspended
        or HistoryEvent.ExecutionResumed or HistoryEvent.ExecutionTerminated;
}
