using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.Durable;

namespace PracticPro.FunctionsHost.Rpc;

/// <summary>
/// The extension's gRPC endpoint: the methods it has, with the status codes of its version. What only a scheduler
/// serves (work items and their completion) is left to the base and answers UNIMPLEMENTED.
/// </summary>
internal sealed class DurableService(HubCalls calls) : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    private bool Three => calls.Settings.Extension == ExtensionVersion.Three;

    public override Task<Empty> Hello(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    public override Task<CreateTaskHubResponse> CreateTaskHub(CreateTaskHubRequest request, ServerCallContext context) =>
        Task.FromResult(new CreateTaskHubResponse());

    public override Task<DeleteTaskHubResponse> DeleteTaskHub(DeleteTaskHubRequest request, ServerCallContext context) =>
        Task.FromResult(new DeleteTaskHubResponse());

    public override Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context)
    {
        try
        {
            return Task.FromResult(new CreateInstanceResponse { InstanceId = calls.Start(request) });
        }
        catch (InstanceExistsException exists)
        {
            throw Refused(StatusCode.AlreadyExists, exists);
        }
        catch (ArgumentException unknown)
        {
            throw Refused(StatusCode.Internal, unknown);
        }
    }

    public override Task<GetInstanceResponse> GetInstance(GetInstanceRequest request, ServerCallContext context) =>
        Task.FromResult(Response(calls.Get(request.InstanceId, request.GetInputsAndOutputs)));

    public override Task<GetInstanceResponse> WaitForInstanceStart(GetInstanceRequest request, ServerCallContext context) =>
        WaitAsync(request, context, state => state.OrchestrationStatus != RuntimeStatus.Pending);

    public override Task<GetInstanceResponse> WaitForInstanceCompletion(GetInstanceRequest request, ServerCallContext context) =>
        WaitAsync(request, context, state => state.OrchestrationStatus is RuntimeStatus.Completed or RuntimeStatus.Failed
            or RuntimeStatus.Terminated or RuntimeStatus.Canceled);

    public override Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request, ServerCallContext context)
    {
        try
        {
            calls.Raise(request);
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException)
        {
            if (Three && !calls.Host.RaiseEventSpeaksUp)
            {
                return Task.FromResult(new RaiseEventResponse());
            }

            throw Mapped(refusal);
        }

        return Task.FromResult(new RaiseEventResponse());
    }

    public override Task<TerminateResponse> TerminateInstance(TerminateRequest request, ServerCallContext context) =>
        Tell(() => calls.Terminate(request), new TerminateResponse());

    public override Task<SuspendResponse> SuspendInstance(SuspendRequest request, ServerCallContext context) =>
        TellUnmapped(() => calls.Suspend(request), new SuspendResponse());

    public override Task<ResumeResponse> ResumeInstance(ResumeRequest request, ServerCallContext context) =>
        TellUnmapped(() => calls.Resume(request), new ResumeResponse());

    public override Task<RewindInstanceResponse> RewindInstance(RewindInstanceRequest request, ServerCallContext context) =>
        Tell(() => calls.Rewind(request), new RewindInstanceResponse());

    public override Task<RestartInstanceResponse> RestartInstance(RestartInstanceRequest request, ServerCallContext context)
    {
        if (!Three)
        {
            return base.RestartInstance(request, context);
        }

        try
        {
            return Task.FromResult(new RestartInstanceResponse { InstanceId = calls.Restart(request) });
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException)
        {
            throw Mapped(refusal);
        }
    }

    public override Task<QueryInstancesResponse> QueryInstances(QueryInstancesRequest request, ServerCallContext context) =>
        Task.FromResult(calls.Query(request.Query ?? new Query()));

    public override Task<PurgeInstancesResponse> PurgeInstances(PurgeInstancesRequest request, ServerCallContext context)
    {
        if (request.WhichCase is PurgeInstancesRequest.WhichOneofCase.None or PurgeInstancesRequest.WhichOneofCase.InstanceBatch)
        {
            throw Refused(
                Three ? StatusCode.InvalidArgument : StatusCode.Unknown, new ArgumentException("Unknown purge request type."));
        }

        return Task.FromResult(new PurgeInstancesResponse { DeletedInstanceCount = calls.Purge(request), IsComplete = true });
    }

    private static GetInstanceResponse Response(InstanceState? state) =>
        state is null ? new GetInstanceResponse() : new GetInstanceResponse { Exists = true, OrchestrationState = state };

    private static RpcException Refused(StatusCode code, Exception refusal) => new(new Status(code, refusal.Message));

    // 2.13.7 maps nothing here: whatever it throws is UNKNOWN.
    private RpcException Mapped(Exception refusal) => Refused(
        !Three ? StatusCode.Unknown : refusal is ArgumentException ? StatusCode.NotFound : StatusCode.FailedPrecondition, refusal);

    private Task<T> Tell<T>(System.Action act, T response)
    {
        try
        {
            act();
            return Task.FromResult(response);
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException)
        {
            throw Mapped(refusal);
        }
    }

    private static Task<T> TellUnmapped<T>(System.Action act, T response)
    {
        try
        {
            act();
            return Task.FromResult(response);
        }
        catch (Exception refusal) when (refusal is ArgumentException or InvalidOperationException)
        {
            throw Refused(StatusCode.Unknown, refusal);
        }
    }

    // There is no limit on this side: who waits brings a deadline.
    private async Task<GetInstanceResponse> WaitAsync(
        GetInstanceRequest request, ServerCallContext context, Func<InstanceState, bool> isThere)
    {
        while (true)
        {
            var next = calls.Hub.NextChange;
            var state = calls.Get(request.InstanceId, request.GetInputsAndOutputs);
            if (state is null || isThere(state))
            {
                return Response(state);
            }

            await next.WaitAsync(context.CancellationToken);
        }
    }
}
