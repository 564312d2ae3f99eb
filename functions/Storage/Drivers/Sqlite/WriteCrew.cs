using System.Collections.Concurrent;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// The few threads that write for all tenants. A commit waits for the disk; on threads of their own these waits
/// cannot starve the thread pool, however many tenants write at once. Work is taken in the order it came.
/// </summary>
internal sealed class WriteCrew : IDisposable
{
    private readonly BlockingCollection<Action> work = [];
    private readonly Thread[] threads;

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
        try
        {
            return work.TryAdd(piece);
        }
        catch (InvalidOperationException)
        {
            // Adding is complete, or was completed a moment ago: the collection tells it by throwing only.
            return false;
        }
    }

    /// <summary>Waits for what was added, then lets the threads go.</summary>
    public void Dispose()
    {
        work.CompleteAdding();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        work.Dispose();
    }

    private void RunAll()
    {
        foreach (var piece in work.GetConsumingEnumerable())
        {
            piece();
        }
    }
}
