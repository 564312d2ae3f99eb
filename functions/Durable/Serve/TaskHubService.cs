using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;

namespace PracticPro.Durable.Serve;

/// <summary>
/// The Durable Task gRPC service over a served hub: what clients and workers of any make call. Answers what the others
/// answer, status by status; what is told is on disk. Not for the open network: it asks nobody who they are.
/// </summary>
internal sealed partial class TaskHubService(ServedHub hub, IHostApplicationLifetime lifetime)
    : Wire.TaskHubSidecarService.TaskHubSidecarServiceBase
{
    public override Task<Empty> Hello(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    /// <summary>There is one hub, and it is there.</summary>
    public override Task<Wire.CreateTaskHubResponse> CreateTaskHub(
        Wire.CreateTaskHubRequest request,
        ServerCallContext context) => request.RecreateIfExists
        ? throw Refusal.NotOffered("A task hub is not emptied from outside.")
        : Task.FromResult(new Wire.CreateTaskHubResponse());

    public override Task<Wire.DeleteTaskHubResponse> DeleteTaskHub(
        Wire.DeleteTaskHubRequest request,
        ServerCallContext context) => throw Refusal.NotOffered("A task hub is not deleted from outside.");

    public override async Task<Wire.CreateInstanceResponse> StartInstance(
        Wire.CreateInstanceRequest request,
        ServerCallContext context)
    {
        if (!ReadTurnAnswer.IsName(request.Name) || request.Name[0] == '@')
        {
            throw Refusal.Malformed("The name is not one of an orchestration.");
        }

        var id = request.InstanceId.Length == 0 ? NewId() : Id(request.InstanceId);
        Check(request.Input);
        var wanted = new NewInstance(
            id,
            request.Name,
            request.Input,
            Version: string.IsNullOrEmpty(request.Version) ? null : request.Version,
            Notes: WireNotes.From(request.Tags, request.ParentTraceContext),
            ScheduledStart: Time(request.ScheduledStartTimestamp));
        var replaceable = request.OrchestrationIdReusePolicy?.ReplaceableStatus.Select(Status).ToHashSet() ?? [];
        return await hub.AskAsync(new StartServed(hub.Dispatch, wanted, replaceable), context.CancellationToken)
            ? new Wire.CreateInstanceResponse { InstanceId = id.Text }
            : throw Refusal.Exists();
    }

    public override async Task<Wire.RestartInstanceResponse> RestartInstance(
        Wire.RestartInstanceRequest request,
        ServerCallContext context)
    {
        var before = Id(request.InstanceId);
        var id = request.RestartWithNewInstanceId ? NewId() : before;
        var outcome = await hub.AskAsync(new RestartServed(before, id), context.CancellationToken);
        Demand(outcome, Refusal.Alive);
        return new Wire.RestartInstanceResponse { InstanceId = id.Text };
    }

    public override async Task<Wire.RaiseEventResponse> RaiseEvent(Wire.RaiseEventRequest request, ServerCallContext context)
    {
        if (!ReadTurnAnswer.IsName(request.Name))
        {
            throw Refusal.Malformed("The name is not one of an event.");
        }

        Check(request.Input);
        await CommandAsync(request.InstanceId, at => new HistoryEvent.EventRaised(at, request.Name, request.Input), context);
        return new();
    }

    public override async Task<Wire.TerminateResponse> TerminateInstance(
        Wire.TerminateRequest request,
        ServerCallContext context)
    {
        Check(request.Output);
        await CommandAsync(
            request.InstanceId,
            at => new HistoryEvent.ExecutionTerminated(at, request.Output, request.Recursive),
            context);
        return new();
    }

    public override async Task<Wire.SuspendResponse> SuspendInstance(Wire.SuspendRequest request, ServerCallContext context)
    {
        Check(request.Reason);
        await CommandAsync(
            request.InstanceId, at => new HistoryEvent.ExecutionSuspended(at, request.Reason), context, orNothing: true);
        return new();
    }

    public override async Task<Wire.ResumeResponse> ResumeInstance(Wire.ResumeRequest request, ServerCallContext context)
    {
        Check(request.Reason);
        await CommandAsync(
            request.InstanceId, at => new HistoryEvent.ExecutionResumed(at, request.Reason), context, orNothing: true);
        return new();
    }

    public override async Task<Wire.RewindInstanceResponse> RewindInstance(
        Wire.RewindInstanceRequest request,
        ServerCallContext context)
    {
        Check(request.Reason);
        var outcome = await hub.AskAsync(new RewindServed(Id(request.InstanceId)), context.CancellationToken);
        Demand(outcome, Refusal.NotFailed);
        return new();
    }

    /// <param name="orNothing">A completed instance is left as it is, and that is no failure.</param>
    private async Task CommandAsync(
        string instance,
        Func<DateTimeOffset, HistoryEvent> message,
        ServerCallContext context,
        bool orNothing = false)
    {
        var outcome = await hub.AskAsync(new CommandInstance(Id(instance), message), context.CancellationToken);
        if (outcome != CommandOutcome.AlreadyCompleted || !orNothing)
        {
            Demand(outcome, Refusal.Completed);
        }
    }

    private static void Demand(CommandOutcome outcome, Func<RpcException> otherwise)
    {
        switch (outcome)
        {
            case CommandOutcome.Accepted:
                return;
            case CommandOutcome.NotFound:
                throw Refusal.NotFound();
            default:
                throw otherwise();
        }
    }

    private static InstanceId Id(string text) =>
        InstanceId.TryParse(text, out var id) ? id : throw Refusal.Malformed("The instance id is not one this hub can have.");

    /// <summary>32 hexadecimal digits, as other engines give.</summary>
    private static InstanceId NewId() =>
        InstanceId.Parse(System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true));

    private void Check(string? payload)
    {
        if (!Payload.FitsLimit(payload, hub.Largest))
        {
            throw Refusal.Malformed("The payload is larger than this hub takes.");
        }
    }

    private static OrchestrationStatus Status(Wire.RuntimeStatus status) => (OrchestrationStatus)status;

    private static DateTimeOffset? Time(Timestamp? at)
    {
        try
        {
            return at?.ToDateTimeOffset();
        }
        catch (Exception outside) when (outside is InvalidOperationException or ArgumentException)
        {
            throw Refusal.Malformed("A time is outside of what a calendar has.");
        }
    }
}
