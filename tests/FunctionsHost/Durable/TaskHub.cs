using PracticPro.Durable.Wire;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// What outlives a host: instances with their histories and inboxes, activities that wait, messages for later.
/// All of it is held under <see cref="Gate"/>; who changes something says so by <see cref="Changed"/>.
/// </summary>
internal sealed class TaskHub
{
    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly PriorityQueue<PendingMessage, (DateTimeOffset, long)> _later = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sequence;

    public Lock Gate { get; } = new();

    public LinkedList<ActivityMessage> Activities { get; } = new();

    /// <summary>Instances with something in the inbox, in the order it came; one may stand here more than once.</summary>
    public Queue<string> Ready { get; } = new();

    /// <summary>In order of creation.</summary>
    public IEnumerable<Instance> Instances =>
        _instances.Values.OrderBy(one => one.CreatedAt).ThenBy(one => one.Id, StringComparer.Ordinal);

    /// <summary>Called, under the gate, when there may be something to do.</summary>
    public System.Action? Wake { get; set; }

    public DateTimeOffset? NextDue => _later.TryPeek(out var next, out _) ? next.DueAt : null;

    /// <summary>Completes with the next change.</summary>
    public Task NextChange
    {
        get
        {
            lock (Gate)
            {
                return _changed.Task;
            }
        }
    }

    public Instance? Find(string instanceId) => _instances.GetValueOrDefault(instanceId);

    public void Put(Instance instance) => _instances[instance.Id] = instance;

    public bool Remove(string instanceId) => _instances.Remove(instanceId);

    /// <summary>Files a message in its instance's inbox; one for an instance that is not there is lost.</summary>
    /// <param name="place">Where in the inbox; null for its end.</param>
    public void Deliver(HubMessage message, int? place = null)
    {
        if (Find(message.InstanceId) is { } instance)
        {
            instance.Inbox.Insert(place ?? instance.Inbox.Count, message);
            Ready.Enqueue(instance.Id);
        }
    }

    public void DeliverLater(PendingMessage message) => _later.Enqueue(message, (message.DueAt, _sequence++));

    /// <summary>Moves what is due into the inboxes.</summary>
    public void DeliverDue(DateTimeOffset now)
    {
        while (_later.TryPeek(out var next, out _) && next.DueAt <= now)
        {
            _later.Dequeue();
            Deliver(next.Message);
        }
    }

    /// <summary>Tells who waits that something is different, and the engine that there may be work.</summary>
    public void Changed()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Wake?.Invoke();
    }

    /// <summary>A new instance in place of any of the same id, and the message that begins it.</summary>
    /// <param name="startAt">Null for at once.</param>
    public Instance Begin(ExecutionStarted started, DateTimeOffset now, DateTimeOffset? startAt)
    {
        var instance = new Instance(started.OrchestrationInstance.InstanceId, now)
        {
            Name = started.Name,
            Version = started.Version,
            Input = started.Input,
            ExecutionId = started.OrchestrationInstance.ExecutionId,
            Parent = started.ParentInstance,
        };
        Put(instance);
        var message = new HubMessage(instance.Id, instance.ExecutionId, Events.Of(now, started));
        if (startAt is { } later && later > now)
        {
            DeliverLater(new PendingMessage(later, message));
        }
        else
        {
            Deliver(message);
        }

        return instance;
    }
}
