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

        // A piece read from disk may be only the oldest part; the turn then leaves the list to be read again.
        var messages = cell.Messages ?? core.Tables.Inbox.Load(key, MessagesPerTurn);
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
