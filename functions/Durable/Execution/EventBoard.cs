using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>
/// External events: those nobody took yet, in order of arrival, and those waited for, in order of asking.
/// Never both for one name. Names are compared without regard to case.
/// </summary>
/// <remarks>
/// The oldest waiter is served first. Microsoft's newest client serves the newest first, its older ones and the other
/// languages the oldest; first come, first served is what a reader expects, and cancelled waiters are taken off, so
/// that the reason for the other order, waiters that are dead, does not arise.
/// </remarks>
internal sealed class EventBoard(OrchestratorThread thread)
{
    private readonly LinkedList<HistoryEvent.EventRaised> untaken = new();
    private readonly LinkedList<Waiter> waiters = new();

    public int Waiting => waiters.Count;

    /// <summary>Events nobody took, oldest first.</summary>
    public IReadOnlyList<HistoryEvent.EventRaised> Untaken => [.. untaken];

    public void Raise(HistoryEvent.EventRaised raised)
    {
        for (var node = waiters.First; node is not null; node = node.Next)
        {
            if (Same(node.Value.Name, raised.Name))
            {
                var waiter = node.Value;
                waiters.Remove(node);
                OrchestratorThread.Complete(() => waiter.Take(raised.Input));
                return;
            }
        }

        untaken.AddLast(raised);
    }

    /// <summary>Keeps an event for the next generation: the code has returned, so a waiter left over is dead.</summary>
    public void Keep(HistoryEvent.EventRaised raised) => untaken.AddLast(raised);

    public Task<T> Wait<T>(string name, CancellationToken cancellation)
    {
        var waiter = new Waiter<T>(name);
        if (cancellation.IsCancellationRequested)
        {
            waiter.Cancel(cancellation);
            return waiter.Task;
        }

        for (var node = untaken.First; node is not null; node = node.Next)
        {
            if (Same(node.Value.Name, name))
            {
                untaken.Remove(node);
                waiter.Take(node.Value.Input);
                return waiter.Task;
            }
        }

        var place = waiters.AddLast(waiter);
        cancellation.Register(() => Cancel(place, cancellation), useSynchronizationContext: false);
        return waiter.Task;
    }

    private void Cancel(LinkedListNode<Waiter> place, CancellationToken cancellation)
    {
        // A source that cancels by a real clock comes from another thread, and is not heard.
        if (thread.Admits() && place.List is not null)
        {
            waiters.Remove(place);
            OrchestratorThread.Complete(() => place.Value.Cancel(cancellation));
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private abstract class Waiter(string name)
    {
        public string Name { get; } = name;

        public abstract void Take(string? payload);

        public abstract void Cancel(CancellationToken cancellation);
    }

    private sealed class Waiter<T>(string name) : Waiter(name)
    {
        private readonly TaskCompletionSource<T> source = new();

        public Task<T> Task => source.Task;

        public override void Take(string? payload) => Payload.Settle(source, payload);

        public override void Cancel(CancellationToken cancellation) => source.TrySetCanceled(cancellation);
    }
}
