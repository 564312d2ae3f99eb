using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// Chooses what to run next, inside the transaction; what it chose is started after the commit.
/// Turns and activities are taken first come, first served, up to their limits.
/// </summary>
internal sealed class Dispatch(HubCore core, Workers workers)
{
    /// <summary>Most messages one turn takes, so that a flooded instance does not hold the others up.</summary>
    private const int MessagesPerTurn = 256;

    private readonly List<IThreadPoolWorkItem> chosen = [];

    public void Choose()
    {
        if (core.Stopping || core.Held)
        {
            return;
        }

        while (core.RunningTurns < core.Options.ConcurrentTurns && core.Turns.TryTake(out var key))
        {
            ChooseTurn(key);
        }

        while (core.RunningActivities < core.Options.ConcurrentActivities && core.Tasks.TryTake(out var task))
        {
            ChooseActivity(task);
        }
    }

    public void Start()
    {
        foreach (var job in chosen)
        {
            ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
        }

        chosen.Clear();
    }

    private void ChooseTurn(long key)
    {
        if (core.Cells.Find(key) is not { } cell || cell.Status.IsFinal())
        {
            core.Tables.Inbox.DeleteAll(key);
            return;
        }

        var messages = Messages(cell);
        if (messages.Count == 0)
        {
            return;
        }

        var taken = messages.GetRange(0, Math.Min(messages.Count, MessagesPerTurn));
        var past = cell.Run is null ? core.Tables.History.Load(key) : [];
        cell.InTurn = true;
        core.Cells.Keep(cell);
        core.RunningTurns++;
        chosen.Add(workers.Turn(cell, taken, past));
    }

    private List<InboxMessage> Messages(InstanceCell cell)
    {
        if (cell.Messages is { } known)
        {
            return known;
        }

        // A full read may be only the oldest part; then the list stays on disk and is read again for the next turn.
        var read = core.Tables.Inbox.Load(cell.Key, MessagesPerTurn);
        cell.Messages = read.Count < MessagesPerTurn ? read : null;
        return read;
    }

    private void ChooseActivity(TaskRow task)
    {
        if (core.FindLive(task.Instance, task.Generation) is not { } cell)
        {
            core.Tables.Tasks.Delete(task.Seq);
            return;
        }

        core.RunningActivities++;
        chosen.Add(workers.Activity(task, cell.Id));
    }
}
