using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.Wire;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// An instance while a turn is taken: its own copy, so that a turn that is abandoned leaves no trace. Continuing as new
/// changes it without anything being kept in between.
/// </summary>
internal sealed class TurnState
{
    private static readonly EntitySettings Entities =
        new() { EntityMessageReorderWindow = Duration.FromTimeSpan(TimeSpan.FromMinutes(30)) };

    public required string InstanceId { get; init; }

    public required string Name { get; set; }

    public required string? Version { get; set; }

    public required string ExecutionId { get; set; }

    public required string? Input { get; set; }

    public required CallerName? Parent { get; init; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required List<Event> Past { get; set; }

    public required List<Event> New { get; set; }

    public RuntimeStatus Status { get; set; } = RuntimeStatus.Running;

    public string? CustomStatus { get; set; }

    public string? Output { get; set; }

    public Failure? Failure { get; set; }

    /// <summary>The host itself ended it.</summary>
    public bool IsFailedByHost { get; set; }

    /// <summary>What the turn sends, in order, once it is kept.</summary>
    public List<HubMessage> Messages { get; } = [];

    public List<PendingMessage> Later { get; } = [];

    public List<ActivityMessage> Activities { get; } = [];

    public List<ExecutionStarted> Children { get; } = [];

    public bool IsOver => Status is not (RuntimeStatus.Running or RuntimeStatus.Suspended);

    public OrchestratorRequest ToRequest()
    {
        var request = new OrchestratorRequest { InstanceId = InstanceId, EntityParameters = Entities };
        request.PastEvents.AddRange(Past);
        request.NewEvents.AddRange(New);
        return request;
    }

    /// <summary>The status the events of this turn leave, unless it ends.</summary>
    public void NoteSuspension(bool wasSuspended)
    {
        var suspended = wasSuspended;
        foreach (var one in New)
        {
            suspended = one.KindCase switch
            {
                Event.KindOneofCase.ExecutionSuspended => true,
                Event.KindOneofCase.ExecutionResumed => false,
                _ => suspended,
            };
        }

        Status = suspended ? RuntimeStatus.Suspended : RuntimeStatus.Running;
    }
}
