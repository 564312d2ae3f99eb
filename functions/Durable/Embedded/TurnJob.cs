using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// Runs one turn on a pool thread and prepares all that its transaction writes. Computes only; if the process dies
/// here, the same messages are taken again and give the same actions.
/// </summary>
internal sealed class TurnJob(Workers workers, InstanceCell cell, List<InboxMessage> messages, List<byte[]> past)
    : IThreadPoolWorkItem
{
    public void Execute()
    {
        cell.UpdatedAt = Now(cell, messages, workers.Time);
        List<HistoryEvent> recorded = [new HistoryEvent.OrchestratorStarted(cell.UpdatedAt)];
        recorded.AddRange(messages.Select(message => message.Event));
        var result = Advance(recorded);
        var seen = recorded.Count;
        recorded.AddRange(result.Actions.Select(action => action.ToEvent(cell.UpdatedAt)));
        recorded.Add(new HistoryEvent.OrchestratorCompleted(cell.UpdatedAt));
        cell.Unseen = recorded[seen..];
        workers.Queue.Post(new ApplyTurn(cell, messages, result, HistoryJson.Format(recorded)));
    }

    /// <summary>
    /// The clock, but never earlier than the turn before or a timer that fired; and in a new generation later than
    /// the one before, since GUIDs are counted anew and must not come out equal.
    /// </summary>
    public static DateTimeOffset Now(InstanceCell cell, List<InboxMessage> messages, TimeProvider time)
    {
        var strictly = cell.Turn == 0 && cell.Generation > 0 ? 1 : 0;
        var latest = cell.UpdatedAt.AddTicks(strictly);
        foreach (var message in messages)
        {
            if (message.Event is HistoryEvent.TimerFired fired && fired.FireAt > latest)
            {
                latest = fired.FireAt;
            }
        }

        var now = time.GetUtcNow().ToUniversalTime();
        return now > latest ? now : latest;
    }

    private TurnResult Advance(List<HistoryEvent> news)
    {
        try
        {
            if (cell.Run is { } run)
            {
                return run.Advance(cell.Unseen, news);
            }

            cell.Run = new OrchestrationRun(cell.Id, workers.Registry, workers.Loggers);
            return cell.Run.Advance([.. past.SelectMany(piece => HistoryJson.Parse(piece))], news);
        }
        catch (Exception broken)
        {
            // Not the orchestration's own failure, which is a result: its history cannot be read, or its factory
            // throws. Trying again for ever would help nobody.
            DurableLog.TurnBroke(workers.Log, cell.Id, broken.GetType().Name);
            var failure = FailureDetails.OfEngine(FailureCodes.TurnBroke, broken.GetType().FullName);
            var end = new OrchestratorAction.CompleteOrchestration(
                0, OrchestrationStatus.Failed, failure.Code, failure);
            return new TurnResult([end], cell.CustomStatus, false);
        }
    }
}
