using System.Collections.Concurrent;
using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Queues;

namespace PracticPro.FunctionsHost;

/// <summary>The storage account under a host: the task hub, the queues, the schedules. It outlives hosts, in memory.</summary>
internal sealed class FakeStorage
{
    public FakeStorage(TimeProvider clock, int seed = 1)
    {
        Dice = new Dice(seed);
        Queues = new QueueStore(clock, Dice);
    }

    /// <summary>Of the storage, not of a host: two hosts over one storage never draw the same id.</summary>
    public Dice Dice { get; }

    public TaskHub Hub { get; } = new();

    public QueueStore Queues { get; }

    /// <summary>When each timer ran and runs next, by function.</summary>
    public ConcurrentDictionary<string, ScheduleStatus> Schedules { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>What the timer extension remembers of a function between two hosts.</summary>
internal sealed record ScheduleStatus(DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated);
