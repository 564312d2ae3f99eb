namespace PracticPro.Durable.Embedded;

/// <summary>
/// The hub's one thread: takes all that waits, applies it in one transaction, syncs once, then lets it be seen.
/// While the disk syncs, the next batch gathers; so the batches grow with the load by themselves.
/// A command that throws stops the hub, for memory and disk may differ from then on; the disk is right.
/// </summary>
internal sealed class HubLoop
{
    private readonly HubFile file;
    private readonly HubCore core;
    private readonly IDispatch dispatch;
    private readonly CommandQueue queue;
    private readonly List<TaskCompletionSource> idle = [];
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool leave;

    public HubLoop(HubFile file, HubCore core, IDispatch dispatch, CommandQueue queue)
    {
        (this.file, this.core, this.dispatch, this.queue) = (file, core, dispatch, queue);
    }

    /// <summary>Completes when the file is closed; faulted when a write failed.</summary>
    public Task Ended => ended.Task;

    /// <summary>Completes with <see cref="Ended"/>, and never faults.</summary>
    public Task Closed => closed.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "task hub" }.Start();

    private void Run()
    {
        Exception? cause = null;
        try
        {
            List<HubCommand> batch = [];
            while (!leave && !(core.Stopping && core.RunningTurns + core.RunningActivities == 0))
            {
                batch.Clear();
                batch = queue.Take(batch);
                Apply(batch);
            }
        }
        catch (Exception broken)
        {
            cause = broken;
        }

        queue.Close(cause);
        core.Waiters.ReleaseAll(new HubStoppedException(cause));
        core.Starts.ReleaseAll(new HubStoppedException(cause));
        core.Timers.Dispose();
        file.Dispose();
        End(cause);
    }

    private void Apply(List<HubCommand> batch)
    {
        try
        {
            file.Begin();
            foreach (var command in batch)
            {
                command.Apply(core);
            }

            dispatch.Choose();
            file.Commit();
        }
        catch (Exception broken)
        {
            batch.ForEach(command => command.Refused(new HubStoppedException(broken)));
            throw;
        }

        batch.ForEach(command => command.Committed(core));
        core.Timers.Arm();
        dispatch.Start();
        AnswerIdle();
    }

    private void AnswerIdle()
    {
        if (idle.Count > 0 && core.IsIdle && dispatch.IsIdle)
        {
            idle.ForEach(waiter => waiter.TrySetResult());
            idle.Clear();
        }
    }

    private void End(Exception? cause)
    {
        idle.ForEach(waiter => waiter.TrySetException(new HubStoppedException(cause)));
        closed.SetResult();
        if (cause is null)
        {
            ended.SetResult();
        }
        else
        {
            ended.SetException(cause);
        }
    }

    /// <summary>Dispatches what was pending on disk.</summary>
    public sealed class Begin : HubCommand
    {
        public override void Apply(HubCore core)
        {
            foreach (var key in core.Tables.Inbox.Waiting())
            {
                core.Turns.Add(key);
            }

            core.Timers.Set(core.Tables.Timers.NextDueAt());
        }
    }

    /// <summary>From here on calls are answered and nothing is dispatched.</summary>
    public sealed class Hold : HubCommand
    {
        public override void Apply(HubCore core) => core.Held = true;
    }

    /// <summary>Answered when nothing runs and nothing is ready to run.</summary>
    public sealed class WhenIdle(HubLoop loop) : HubCommand
    {
        private readonly TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Idle => waiter.Task;

        public override void Apply(HubCore core) => loop.idle.Add(waiter);

        public override void Refused(Exception cause) => waiter.TrySetException(cause);
    }

    /// <summary>Nothing more is dispatched; the loop ends when what runs has answered.</summary>
    public sealed class Stop : HubCommand
    {
        public override void Apply(HubCore core) => core.Stopping = true;
    }

    /// <summary>The loop ends with this batch; what still runs is left to the next start.</summary>
    public sealed class Leave(HubLoop loop) : HubCommand
    {
        public override void Apply(HubCore core) => loop.leave = core.Stopping = true;
    }
}
