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

    /// <summary>Most messages one turn takes, so that a flooded instance does not hold the others up.</summary>
    private const int MessagesPerTurn = 256;

    /// <summary>
    /// And most of their bytes, unless the first alone is larger: a turn may have to fit into one message to a worker.
    /// </summary>
    private const long BytesPerTurn = 1 << 20;

    public CellCache Cells { get; } = new(tables.Instances, options.CachedInstances);

    public TaskWindow Tasks { get; } = new(tables.Tasks, options.ReadyActivities);

    public ReadyTurns Turns { get; } = new();

    /// <summary>Who waits for an instance to complete.</summary>
    public Waiters Waiters { get; } = new();

    /// <summary>Who waits for an instance to have taken its first turn.</summary>
    public Waiters Starts { get; } = new();

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
    public InstanceCell Create(NewInstance wanted)
    {
        var now = Time.GetUtcNow();
        now = now > wanted.After ? now : wanted.After.AddTicks(1);
        var execution = IdText.New("run", Time);
        var startAt = wanted.ScheduledStart > now ? wanted.ScheduledStart : null;
        var cell = Tables.Instances.Insert(wanted, execution, now, startAt);
        cell.Messages = [];
        Cells.Offer(cell);
        Deliver(cell, new HistoryEvent.ExecutionStarted(
            now,
            wanted.Name,
            wanted.Input,
            wanted.Id,
            execution,
            wanted.Caller,
            wanted.Version,
            wanted.ScheduledStart,
            wanted.Notes));
        if (startAt is { } at)
        {
            Tables.Timers.Insert(cell, TimerRow.Start, at);
            Timers.Added(at);
        }

        return cell;
    }

    /// <summary>
    /// Takes what waits for an instance, as much as one turn may have, and marks the instance as being in a turn. Null
    /// when there is nothing to do.
    /// </summary>
    public BegunTurn? BeginTurn(long key)
    {
        if (Cells.Find(key) is not { } cell || cell.Status.IsFinal())
        {
            Tables.Inbox.DeleteAll(key);
            return null;
        }

        if (cell.InTurn || cell.StartAt is not null)
        {
            return null;
        }

        var messages = Messages(cell);
        if (messages.Count == 0)
        {
            return null;
        }

        cell.InTurn = true;
        Cells.Keep(cell);
        RunningTurns++;
        return new BegunTurn(cell, messages.GetRange(0, Portion(messages)));
    }

    /// <summary>Takes a turn back that was begun and has no result. Its messages wait as before.</summary>
    public void AbandonTurn(InstanceCell cell)
    {
        RunningTurns--;
        cell.InTurn = false;
        Cells.Trim();
        Turns.Add(cell.Key);
    }

    /// <summary>Puts an event into a live instance's inbox and makes the instance ready.</summary>
    /// <param name="stored">The event in its stored form, when somebody has it already.</param>
    public void Deliver(InstanceCell cell, HistoryEvent happened, byte[]? stored = null)
    {
        var message = Tables.Inbox.Insert(cell.Key, happened, stored ?? HistoryJson.Format([happened]));
        cell.Messages?.Add(message);
        if (!cell.InTurn && cell.StartAt is null)
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

    /// <summary>The time of an instance that was to start later has come, or it need not be waited for.</summary>
    public void Release(InstanceCell cell)
    {
        cell.StartAt = null;
        Tables.Instances.SaveStarted(cell.Key);
        Turns.Add(cell.Key);
    }

    /// <summary>Deletes a completed instance. Tasks and timers left over meet no key and go by themselves.</summary>
    public void Purge(long key)
    {
        Tables.Inbox.DeleteAll(key);
        Tables.History.Delete(key);
        Tables.Instances.Delete(key);
    }

    private List<InboxMessage> Messages(InstanceCell cell)
    {
        if (cell.Messages is { } known)
        {
            return known;
        }

        // A full read may be only the oldest part; then the list stays on disk and is read again for the next turn.
        var read = Tables.Inbox.Load(cell.Key, MessagesPerTurn);
        cell.Messages = read.Count < MessagesPerTurn ? read : null;
        return read;
    }

    private static int Portion(List<InboxMessage> messages)
    {
        var count = 1;
        long bytes = messages[0].Bytes;
        while (count < messages.Count && count < MessagesPerTurn && bytes + messages[count].Bytes <= BytesPerTurn)
        {
            bytes += messages[count++].Bytes;
        }

        return count;
    }
}

/// <summary>An instance that is in a turn from now on.</summary>
/// <param name="Taken">The oldest messages of its inbox, at least one. They stay there until the turn is applied.</param>
internal sealed record BegunTurn(InstanceCell Cell, List<InboxMessage> Taken);

/// <summary>An instance to be made.</summary>
/// <param name="Parent">Who waits for it.</param>
/// <param name="Caller">The same, as its history tells it.</param>
/// <param name="After">
/// The clock of an earlier run with this id: the new one begins later, whatever ours says.
/// </param>
/// <param name="ScheduledStart">Not before; null or past is now.</param>
internal sealed record NewInstance(
    InstanceId Id,
    string Name,
    string? Input,
    ParentLink? Parent = null,
    ParentInstance? Caller = null,
    DateTimeOffset After = default,
    string? Version = null,
    EventNotes? Notes = null,
    DateTimeOffset? ScheduledStart = null);
