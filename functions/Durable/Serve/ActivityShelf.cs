using System.Diagnostics.CodeAnalysis;
using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>
/// Activities that were taken from the queue and found nobody to do them, or were given back: by name, oldest first.
/// Only their row numbers are kept, however many there are.
/// </summary>
internal sealed class ActivityShelf(TaskRows rows)
{
    private readonly Dictionary<WorkName, Queue<long>> waiting = [];

    public void Add(TaskRow task)
    {
        var work = new WorkName(task.Name, task.Version);
        if (!waiting.TryGetValue(work, out var queue))
        {
            waiting.Add(work, queue = new Queue<long>());
        }

        queue.Enqueue(task.Seq);
    }

    public bool Any(Func<WorkName, bool> which) => waiting.Keys.Any(which);

    /// <summary>The oldest of some name that is wanted.</summary>
    public bool TryTake(Func<WorkName, bool> which, [NotNullWhen(true)] out TaskRow? task)
    {
        task = null;
        while (task is null && waiting.Keys.Where(which).Take(1).ToList() is [var work])
        {
            var queue = waiting[work];
            task = rows.Find(queue.Dequeue());
            if (queue.Count == 0)
            {
                waiting.Remove(work);
            }
        }

        return task is not null;
    }
}
