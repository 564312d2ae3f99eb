using System.Diagnostics.CodeAnalysis;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// The front of the activity queue, in memory; the rest stays on disk until there is room. First in, first out, over
/// all instances.
/// </summary>
internal sealed class TaskWindow(TaskRows rows, int capacity)
{
    private readonly Queue<TaskRow> front = new();

    // Invariant: every row up to lastSeq was taken or is in front; unless more is set, no row lies beyond it.
    private long lastSeq;
    private bool more = true;

    public bool IsEmpty => front.Count == 0 && !more;

    public void Add(InstanceCell cell, OrchestratorAction.ScheduleTask task)
    {
        var row = rows.Insert(cell, task);
        if (more || front.Count >= capacity)
        {
            more = true;
            return;
        }

        front.Enqueue(row);
        lastSeq = row.Seq;
    }

    public bool TryTake([NotNullWhen(true)] out TaskRow? row)
    {
        if (more && front.Count == 0)
        {
            Refill();
        }

        return front.TryDequeue(out row);
    }

    private void Refill()
    {
        var rowsRead = rows.Load(lastSeq, capacity);
        foreach (var row in rowsRead)
        {
            front.Enqueue(row);
            lastSeq = row.Seq;
        }

        more = rowsRead.Count == capacity;
    }
}
