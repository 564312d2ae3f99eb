using PracticPro.Durable.Wire;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>One orchestration as the hub keeps it. Held under the hub's gate.</summary>
internal sealed class Instance(string id, DateTimeOffset created)
{
    public string Id => id;

    public string Name { get; set; } = "";

    public string? Version { get; set; }

    public string ExecutionId { get; set; } = "";

    public RuntimeStatus Status { get; set; } = RuntimeStatus.Pending;

    /// <summary>JSON text, or null.</summary>
    public string? Input { get; set; }

    /// <summary>As the orchestration or the host left it; not always JSON.</summary>
    public string? Output { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>What a failed orchestration said of itself; null when the host failed it.</summary>
    public Failure? Failure { get; set; }

    public CallerName? Parent { get; set; }

    public DateTimeOffset CreatedAt { get; set; } = created;

    public DateTimeOffset UpdatedAt { get; set; } = created;

    public DateTimeOffset? CompletedAt { get; set; }

    public List<Event> History { get; set; } = [];

    /// <summary>What has arrived and was not yet part of a turn.</summary>
    public List<HubMessage> Inbox { get; } = [];

    /// <summary>There is something for a turn: what begins the run, or more for one that has begun.</summary>
    public bool IsReady => Inbox.Count > 0
        && (History.Count > 0 || Inbox.Any(one => one.Event.KindCase == Event.KindOneofCase.ExecutionStarted));

    public bool IsCompleted => Status is RuntimeStatus.Completed or RuntimeStatus.Failed or RuntimeStatus.Terminated
        or RuntimeStatus.Canceled;
}

/// <summary>Something for an instance.</summary>
/// <param name="ExecutionId">The run it belongs to; null for what any run may take, such as events.</param>
internal sealed record HubMessage(string InstanceId, string? ExecutionId, Event Event);

/// <summary>A message that is due later.</summary>
internal sealed record PendingMessage(DateTimeOffset DueAt, HubMessage Message);

/// <summary>An activity that waits to be run. It is taken out when its result has been filed.</summary>
internal sealed record ActivityMessage(string InstanceId, string ExecutionId, int TaskId, string Name, string? Input);
