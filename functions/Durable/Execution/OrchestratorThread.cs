namespace PracticPro.Durable.Execution;

/// <summary>
/// The one thread an orchestration's code runs on during a turn. Continuations are queued here and run one after
/// another until none is left; nothing goes to the thread pool.
/// </summary>
/// <remarks>
/// Two kinds of continuation exist. One that captured this context is posted, and runs in <see cref="Pump"/>.
/// One that did not (<c>ConfigureAwait(false)</c>, WhenAll's inner promise) runs inside the call that completes its
/// task, provided that no context is current there; so <see cref="Complete"/> takes the context off for that call.
/// What still arrives from another thread was made by a task that is not durable: it is refused and remembered.
/// </remarks>
internal sealed class OrchestratorThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> queue = new();
    private volatile bool violated;
    private int owner = NoThread;

    private const int NoThread = 0;

    /// <summary>True once foreign code has tried to run as part of the orchestration.</summary>
    public bool Violated => violated;

    public bool IsCurrent => Volatile.Read(ref owner) == Environment.CurrentManagedThreadId;

    /// <summary>Runs a whole turn on the calling thread.</summary>
    public void Run(Action turn)
    {
        var before = Current;
        Volatile.Write(ref owner, Environment.CurrentManagedThreadId);
        SetSynchronizationContext(this);
        try
        {
            turn();
        }
        finally
        {
            SetSynchronizationContext(before);
            Volatile.Write(ref owner, NoThread);
        }
    }

    /// <summary>Runs queued continuations until none is left.</summary>
    public void Pump()
    {
        while (queue.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    }

    /// <summary>Completes a task so that each of its continuations runs here, now or in <see cref="Pump"/>.</summary>
    public static void Complete(Action completion)
    {
        var before = Current;
        SetSynchronizationContext(null);
        try
        {
            completion();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <exception cref="NonDurableAwaitException">The caller is not on the orchestration's thread.</exception>
    public void Demand()
    {
        if (!Admits())
        {
            throw new NonDurableAwaitException();
        }
    }

    /// <summary>
    /// The same for callbacks, which must not throw: one that a real clock runs would take the process down.
    /// </summary>
    public bool Admits()
    {
        violated |= !IsCurrent;
        return IsCurrent;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            queue.Enqueue((d, state));
        }
        else
        {
            violated = true;
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;
}
