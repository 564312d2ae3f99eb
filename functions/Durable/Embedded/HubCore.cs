using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// The hub's state and the few moves that commands are made of. On the hub's thread only, and inside a transaction:
/// memory and disk change together here, and nothing is seen outside before the commit.
/// </summary>
internal sealed class HubCore(HubTables tables, TimerShelf timers, DurableOptions options, TimeProvider time)
{
    public HubTables Tables { get; } = tables;

    public TimerShelf Timers { get; } = timers;

    public DurableOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public CellCache Cells { get; } = new(tables.Instances, options.CachedInstances);

    public TaskWindow Tasks { get; } = new(tables.Tasks, options.ReadyActivities);

    public ReadyTurns Turns { get; } = new();

    public Waiters Waiters { get; } = new();

    public int RunningTurns { get; set; }

    public int RunningActivities { get; set; }

    /// <summary>Calls are answered and kept, and nothing is ever dispatched: whoever holds the hub has no work to run.</summary>
    public bool Held { get; set; }

    /// <summary>Set by a stop: nothing new is dispatched.</summary>
    public bool Stopping { get; set; }

    /// <summary>Nothing runs and nothing is ready to run.</summary>
    public bool IsIdle =>
        RunningTurns + RunningActivities == 0 && Turns.IsEmpty && Tasks.IsEmpty && !Timers.IsDue;

    /// <summary>A new instance with its first message. The id must be free.</summary>
    /// <param name="after">
    /// The clock of an earlier run with this id: the new one begins later, whatever ours says.
    /// </param>
    public InstanceCell Create(
        InstanceId id,
        string name,
        string? input,
        ParentLink? parent = null,
        ParentInstance? caller = null,
        DateTimeOffset after = default)
    {
        var now = Time.GetUtcNow();
        now = now > after ? now : after.AddTicks(1);
        var execution = IdText.New("run", Time);
        var cell = Tables.Instances.Insert(id, name, execution, parent, now);
        cell.Messages = [];
        Cells.Offer(cell);
        Deliver(cell, new HistoryEvent.ExecutionStarted(now, name, input, id, execution, caller));
        return cell;
    }

    /// <summary>Puts an event into a live instance's inbox and makes the instance ready.</summary>
    /// <param name="stored">The event in its stored form, when somebody has it already.</param>
    public void Deliver(InstanceCell cell, HistoryEvent happened, byte[]? stored = null)
    {
        var message = Tables.Inbox.Insert(cell.Key, happened, stored ?? HistoryJson.Format([happened]));
        cell.Messages?.Add(message);
        if (!cell.InTurn)
        {
            Turns.Add(cell.Key);
        }
    }

    /// <summary>Answers the parent, if it is still in the generation that asked.</summary>
    public void Tell(ParentLink? parent, Func<int, HistoryEvent> answer)
    {
        if (parent is not null && FindLive(parent.Key, parent.Generation) is { } cell)
        {
            Deliver(cell, answer(parent.Task));
        }
    }

    /// <summary>The instance, if it is live and still in that generation.</summary>
    public InstanceCell? FindLive(long key, long generation) =>
        Cells.Find(key) is { } cell && !cell.Status.IsFinal() && cell.Generation == generation ? cell : null;

    /// <summary>Deletes a completed instance. Tasks and timers left over meet no key and go by themselves.</summary>
    public void Purge(long key)
    {
        Tables.Inbox.DeleteAll(key);
        Tables.History.Delete(key);
        Tables.Instances.Delete(key);
    }
}
