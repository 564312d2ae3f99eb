using Google.Protobuf;
using PracticPro.Durable.Wire;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>Makes the answers of an orchestrator by hand.</summary>
internal static class Answering
{
    public static HandlerReply Turn(OrchestratorRequest turn, params IEnumerable<PracticPro.Durable.Wire.Action> actions)
    {
        var response = new OrchestratorResponse { InstanceId = turn.InstanceId };
        response.Actions.AddRange(actions);
        return Turn(response);
    }

    public static HandlerReply Turn(OrchestratorResponse response) =>
        HandlerReply.Returns($"\"{Convert.ToBase64String(response.ToByteArray())}\"");

    public static PracticPro.Durable.Wire.Action Task(int id, string name, string? input = null) =>
        new() { Id = id, ScheduleTask = new ScheduleTask { Name = name, Input = input } };

    public static PracticPro.Durable.Wire.Action Done(int id, string? result = null) => End(id, RuntimeStatus.Completed, result);

    public static PracticPro.Durable.Wire.Action End(int id, RuntimeStatus status, string? result) =>
        new() { Id = id, CompleteOrchestration = new CompleteOrchestration { OrchestrationStatus = status, Result = result } };

    /// <summary>Everything the orchestration has been told so far.</summary>
    public static IEnumerable<Event> All(this OrchestratorRequest turn) => turn.PastEvents.Concat(turn.NewEvents);
}
