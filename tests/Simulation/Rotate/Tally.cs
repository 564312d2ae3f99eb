using System.Collections.Concurrent;

namespace PracticPro.Simulation.Rotate;

/// <summary>What all workers together did, and what went wrong.</summary>
internal sealed class Tally
{
    private const int MostFaults = 20;
    private readonly ConcurrentQueue<string> faults = [];
    private long reads;
    private long writes;
    private long failedReads;
    private long failedWrites;
    private long conflicts;
    private long reopened;

    public long Reads => Volatile.Read(ref reads);

    public long Writes => Volatile.Read(ref writes);

    public long FailedReads => Volatile.Read(ref failedReads);

    public long FailedWrites => Volatile.Read(ref failedWrites);

    /// <summary>Writes that were lost to another and made again: what a condition is for.</summary>
    public long Conflicts => Volatile.Read(ref conflicts);

    /// <summary>Pieces of work that had to open the keys again, since theirs were revoked.</summary>
    public long Reopened => Volatile.Read(ref reopened);

    /// <summary>The first of what went wrong.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    public void Read(bool isRight, string fault)
    {
        Interlocked.Increment(ref reads);
        if (!isRight)
        {
            Interlocked.Increment(ref failedReads);
            Fault(fault);
        }
    }

    public void Wrote() => Interlocked.Increment(ref writes);

    public void WriteFailed(string fault)
    {
        Interlocked.Increment(ref failedWrites);
        Fault(fault);
    }

    public void Conflict() => Interlocked.Increment(ref conflicts);

    public void Reopen() => Interlocked.Increment(ref reopened);

    public void Fault(string fault)
    {
        if (faults.Count < MostFaults)
        {
            faults.Enqueue(fault);
        }
    }
}
