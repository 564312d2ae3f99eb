namespace PracticPro.Durable.Embedded;

/// <summary>
/// Runs what is chosen here, on the pool. Turns and activities are taken first come, first served, up to their limits.
/// </summary>
internal sealed class LocalDispatch(HubCore core, Workers workers) : IDispatch
{
    private readonly List<IThreadPoolWorkItem> chosen = [];

    public bool IsIdle => true;

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
        if (core.BeginTurn(key) is { } turn)
        {
            var past = turn.Cell.Run is null ? core.Tables.History.Load(key) : [];
            chosen.Add(workers.Turn(turn.Cell, turn.Taken, past));
        }
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
