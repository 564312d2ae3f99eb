namespace PracticPro.Durable.Embedded;

/// <summary>What waits for the hub's thread. Taken in batches: one batch is one transaction.</summary>
internal sealed class CommandQueue
{
    private readonly object gate = new();
    private List<HubCommand> waiting = [];
    private Exception? closed;
    private bool isClosed;

    /// <summary>Queues the command, or refuses it when the queue is closed.</summary>
    public void Post(HubCommand command)
    {
        lock (gate)
        {
            if (!isClosed)
            {
                waiting.Add(command);
                Monitor.Pulse(gate);
                return;
            }
        }

        command.Refused(new HubStoppedException(closed));
    }

    /// <summary>
    /// Waits for something and takes all of it, in order. The list given becomes the next one to be filled.
    /// </summary>
    public List<HubCommand> Take(List<HubCommand> empty)
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                Monitor.Wait(gate);
            }

            var batch = waiting;
            waiting = empty;
            return batch;
        }
    }

    /// <summary>Refuses what waits and all that comes.</summary>
    public void Close(Exception? cause)
    {
        List<HubCommand> left;
        lock (gate)
        {
            (isClosed, closed, left, waiting) = (true, cause, waiting, []);
        }

        foreach (var command in left)
        {
            command.Refused(new HubStoppedException(cause));
        }
    }
}
