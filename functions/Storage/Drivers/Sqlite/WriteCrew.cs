namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// The few threads that write for all tenants. A commit waits for the disk; on threads of their own these waits
/// cannot starve the thread pool, however many tenants write at once. Work is taken in the order it came.
/// </summary>
internal sealed class WriteCrew : IDisposable
{
    // Waited at without spinning: a thread that spins takes from the others what it waits for.
    private readonly object gate = new();
    private readonly Queue<Action> work = new();
    private readonly Thread[] threads;
    private bool isDismissed;

    public WriteCrew(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        threads = [.. Enumerable.Range(0, size).Select(_ => new Thread(RunAll)
        {
            IsBackground = true,
            Name = "storage-writer",
        })];
        foreach (var thread in threads)
        {
            thread.Start();
        }
    }

    /// <summary>False when the crew has been dismissed; then the piece will not be run.</summary>
    public bool TryAdd(Action piece)
    {
        lock (gate)
        {
            if (!isDismissed)
            {
                work.Enqueue(piece);
                Monitor.Pulse(gate);
            }

            return !isDismissed;
        }
    }

    /// <summary>Waits for what was added, then lets the threads go.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDismissed = true;
            Monitor.PulseAll(gate);
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    private void RunAll()
    {
        while (Next() is { } piece)
        {
            piece();
        }
    }

    /// <summary>Null when there is no more and the crew is dismissed.</summary>
    private Action? Next()
    {
        lock (gate)
        {
            while (work.Count == 0 && !isDismissed)
            {
                Monitor.Wait(gate);
            }

            return work.TryDequeue(out var piece) ? piece : null;
        }
    }
}
