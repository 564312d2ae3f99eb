using System.Collections.Concurrent;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// All writing to one file, one after another. Writes that wait together share one transaction, and so one wait for
/// the disk. None is harmed by its neighbours: when anything in a shared transaction throws, it is rolled back and
/// each write is run again in one of its own.
/// </summary>
/// <param name="afterCommit">Run before those who wrote are told.</param>
/// <param name="whenTold">Run when they are told. Only who writes next waits for it.</param>
internal sealed class WriteLane(
    WriteCrew crew, Func<Writer> open, Action<Writer> beforeCommit, Action<Writer> afterCommit, Action<Writer> whenTold) : IDisposable
{
    // Enough to spread one sync thin; small enough that the first in a group does not wait long for the last.
    private const int LargestGroup = 256;
    private readonly ConcurrentQueue<PendingWrite> waiting = new();
    private readonly ConcurrentQueue<PendingWrite> between = new();

    // Held while the writer is in use: who was told may close the file at once, and the lane is not done yet.
    private readonly Lock running = new();
    private Writer? writer;
    private int scheduled;

    public Task<T> AddAsync<T>(Func<Writer, T> work, CancellationToken cancellation)
    {
        var write = new PendingWrite<T>(work, cancellation);
        waiting.Enqueue(write);
        Schedule();
        return write.Done;
    }

    /// <summary>Runs work on the lane's thread while no transaction is open. Writes wait for it: keep it short.</summary>
    public Task<T> AddBetweenAsync<T>(Func<Writer, T> work, CancellationToken cancellation)
    {
        var piece = new PendingWrite<T>(work, cancellation);
        between.Enqueue(piece);
        Schedule();
        return piece.Done;
    }

    /// <summary>Only when nothing waits any more.</summary>
    public void Dispose()
    {
        lock (running)
        {
            writer?.Dispose();
        }
    }

    // At most one thread is in RunSome: whoever sets the flag schedules it, and it is cleared at its end only.
    private void Schedule()
    {
        if (Interlocked.Exchange(ref scheduled, 1) == 0 && !crew.TryAdd(RunSome))
        {
            while (waiting.TryDequeue(out var write) || between.TryDequeue(out write))
            {
                write.Fail(new ObjectDisposedException(nameof(SqliteStorage)));
            }

            Volatile.Write(ref scheduled, 0);
        }
    }

    private void RunSome()
    {
        lock (running)
        {
            RunBetween();
            var group = TakeGroup();
            if (group.Count > 1 && TryRun(group) is not null)
            {
                group.ForEach(RunAlone);
            }
            else if (group.Count == 1)
            {
                RunAlone(group[0]);
            }
        }

        // Cleared first, looked at after: a write that came in between finds the flag down or is found here.
        Volatile.Write(ref scheduled, 0);
        if (!waiting.IsEmpty || !between.IsEmpty)
        {
            // To the end of the crew's line, so that a busy tenant does not hold up the others.
            Schedule();
        }
    }

    private void RunBetween()
    {
        while (between.TryDequeue(out var piece))
        {
            if (!piece.StillWanted())
            {
                continue;
            }

            try
            {
                piece.Run(writer ??= open());
            }
            catch (Exception exception)
            {
                piece.Fail(SqliteTrouble.Explain(exception));
                continue;
            }

            piece.Succeed();
        }
    }

    private List<PendingWrite> TakeGroup()
    {
        var group = new List<PendingWrite>();
        while (group.Count < LargestGroup && waiting.TryDequeue(out var write))
        {
            if (write.StillWanted())
            {
                group.Add(write);
            }
        }

        return group;
    }

    // Its own transaction, its own answer. After a failed group this is the second run of the same work.
    private void RunAlone(PendingWrite write)
    {
        if (TryRun([write]) is { } why)
        {
            write.Fail(why);
        }
    }

    /// <summary>Null when all is on the disk and said so; otherwise why nothing is.</summary>
    private Exception? TryRun(List<PendingWrite> group)
    {
        try
        {
            writer ??= open();

            // IMMEDIATE takes the write lock now: a lock taken later could fail half-way through the work.
            writer.Session.Prepare("BEGIN IMMEDIATE").Run();
            group.ForEach(write => write.Run(writer));
            beforeCommit(writer);
            writer.Session.Prepare("COMMIT").Run();
        }
        catch (Exception exception)
        {
            TakeBack();
            return SqliteTrouble.Explain(exception);
        }

        afterCommit(writer);
        group.ForEach(write => write.Succeed());
        whenTold(writer);
        return null;
    }

    private void TakeBack()
    {
        try
        {
            writer?.RollBack();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The connection is beyond use. Closing it rolls back; the next write opens another.
            writer?.Dispose();
            writer = null;
        }
    }
}
