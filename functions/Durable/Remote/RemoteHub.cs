using System.Text.Json;
using Grpc.Core;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Kernel;

namespace PracticPro.Durable.Remote;

/// <summary>
/// A task hub behind the Durable Task protocol's client calls: the Functions extension, Durable Task Scheduler, or a hub
/// that another process serves. Promises what <see cref="IHub"/> does, with what the protocol leaves open:
/// <list type="bullet">
/// <item>It has no delivery ids. Ours travel with the event, and the reading side drops a second one; the newest ids go on
/// from one generation to the next (<see cref="TakenDeliveries.MostCarried"/>), and none to another run;
/// a repeat after the instance has ended is answered <see cref="RaiseOutcome.AlreadyCompleted"/>.</item>
/// <item>Whether a state allows a command is asked before, so two callers at once may both be told yes.</item>
/// <item>Lists come in the engine's own order.</item>
/// </list>
/// </summary>
/// <param name="longestCall">After which a call that only writes or reads one thing counts as not answered.</param>
internal sealed class RemoteHub(IHubChannel channel, WireDialect dialect, TimeProvider time, TimeSpan longestCall) : IHub
{
    public async ValueTask<StartOutcome> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        if (!Payload.FitsLimit(request.Input))
        {
            return StartOutcome.TooLarge;
        }

        // An engine may take a start as leave to replace a completed run; ours says so or means no.
        if (!request.RestartCompleted && await FindAsync(request.Instance, withPayloads: false, cancellation) is not null)
        {
            return StartOutcome.AlreadyExists;
        }

        var start = new Wire.CreateInstanceRequest
        {
            InstanceId = request.Instance.Text,
            Name = request.Name,
            Input = request.Input,
        };
        if (await TryStartAsync(start, cancellation))
        {
            return StartOutcome.Started;
        }

        // Or keep a completed run until it is purged.
        return request.RestartCompleted
            && await PurgeAsync(request.Instance, cancellation) is PurgeOutcome.Purged or PurgeOutcome.NotFound
            && await TryStartAsync(start, cancellation)
                ? StartOutcome.Started
                : StartOutcome.AlreadyExists;
    }

    public async ValueTask<RaiseOutcome> RaiseEventAsync(RaiseRequest request, CancellationToken cancellation)
    {
        if (!Payload.FitsLimit(request.Payload))
        {
            return RaiseOutcome.TooLarge;
        }

        var raise = new Wire.RaiseEventRequest
        {
            InstanceId = request.Instance.Text,
            Name = request.Event,
            Input = EventDelivery.Seal(request.Delivery, request.Payload),
        };
        return await CommandAsync(
            request.Instance, (client, options) => client.RaiseEventAsync(raise, options), cancellation) switch
        {
            CommandOutcome.Accepted => RaiseOutcome.Raised,
            CommandOutcome.NotFound => RaiseOutcome.NotFound,
            _ => RaiseOutcome.AlreadyCompleted,
        };
    }

    public ValueTask<CommandOutcome> TerminateAsync(
        InstanceId instance, string reason, bool withChildren, CancellationToken cancellation)
    {
        var terminate = new Wire.TerminateRequest
        {
            InstanceId = instance.Text,
            Output = JsonSerializer.Serialize(reason, JsonShapes.Stored),
            Recursive = withChildren,
        };
        return CommandAsync(instance, (client, options) => client.TerminateInstanceAsync(terminate, options), cancellation);
    }

    public ValueTask<CommandOutcome> SuspendAsync(InstanceId instance, string reason, CancellationToken cancellation)
    {
        var suspend = new Wire.SuspendRequest { InstanceId = instance.Text, Reason = reason };
        return CommandAsync(instance, (client, options) => client.SuspendInstanceAsync(suspend, options), cancellation);
    }

    public ValueTask<CommandOutcome> ResumeAsync(InstanceId instance, string reason, CancellationToken cancellation)
    {
        var resume = new Wire.ResumeRequest { InstanceId = instance.Text, Reason = reason };
        return CommandAsync(instance, (client, options) => client.ResumeInstanceAsync(resume, options), cancellation);
    }

    public async ValueTask<PurgeOutcome> PurgeAsync(InstanceId instance, CancellationToken cancellation)
    {
        if (await FindAsync(instance, withPayloads: false, cancellation) is not { } state)
        {
            return PurgeOutcome.NotFound;
        }

        if (!StatusOf(state).IsFinal())
        {
            return PurgeOutcome.NotCompleted;
        }

        var purge = new Wire.PurgeInstancesRequest { InstanceId = instance.Text, IsOrchestration = true };
        var purged = await CallAsync((client, options) => client.PurgeInstancesAsync(purge, options), cancellation);
        return purged.DeletedInstanceCount > 0 ? PurgeOutcome.Purged : PurgeOutcome.NotFound;
    }

    public async ValueTask<InstanceStatus?> GetStatusAsync(InstanceId instance, CancellationToken cancellation) =>
        await FindAsync(instance, withPayloads: true, cancellation) is { } state ? Read(state) : null;

    public async ValueTask<Page<InstanceStatus>> ListAsync(
        InstanceQuery query, Cursor? from, CancellationToken cancellation)
    {
        var ask = new Wire.Query
        {
            InstanceIdPrefix = query.IdPrefix,
            MaxInstanceCount = query.PageSize,
            ContinuationToken = from?.Position,
            FetchInputsAndOutputs = true,
        };
        if (query.Status is { } status)
        {
            ask.RuntimeStatus.Add((Wire.RuntimeStatus)status);
        }

        var page = await CallAsync(
            (client, options) => client.QueryInstancesAsync(new() { Query = ask }, options), cancellation);

        // Others may share the hub; an instance whose id we would not give is not ours to show.
        return new Page<InstanceStatus>(
            [.. page.OrchestrationState.Where(state => InstanceId.TryParse(state.InstanceId, out _)).Select(Read)],
            page.ContinuationToken is { Length: > 0 } next ? Cursor.At(next) : null);
    }

    public async ValueTask<InstanceStatus?> WaitForCompletionAsync(
        InstanceId instance, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (await FindAsync(instance, withPayloads: false, both.Token) is null)
            {
                return null;
            }

            var wait = new Wire.GetInstanceRequest { InstanceId = instance.Text, GetInputsAndOutputs = true };
            var answer = await GuardAsync(
                () => channel.Client.WaitForInstanceCompletionAsync(wait, cancellationToken: both.Token), both.Token);
            return answer.Exists && StatusOf(answer.OrchestrationState).IsFinal() ? Read(answer.OrchestrationState) : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The engine's state in our words.</summary>
    private InstanceStatus Read(Wire.InstanceState state)
    {
        var status = StatusOf(state);
        return new InstanceStatus(
            InstanceId.Parse(state.InstanceId),
            state.Name,
            status,
            state.CustomStatus,

            // The protocol puts a failure's text where an output stands.
            status == OrchestrationStatus.Failed ? null : state.Output,
            dialect.Read(WireFailures.FromWire(state.FailureDetails)) ?? FailureInOutput(status, state.Output),
            state.CreatedTimestamp?.ToDateTimeOffset() ?? default,
            state.LastUpdatedTimestamp?.ToDateTimeOffset() ?? default,
            state.Input);
    }

    /// <summary>An engine that failed an instance itself may say why nowhere but in the output.</summary>
    private static FailureDetails? FailureInOutput(OrchestrationStatus status, string? output) =>
        status == OrchestrationStatus.Failed && output is not null
            ? new FailureDetails("", FailureCodes.Foreign, Detail: output)
            : null;

    private static OrchestrationStatus StatusOf(Wire.InstanceState state) =>
        (OrchestrationStatus)state.OrchestrationStatus;

    private async ValueTask<bool> TryStartAsync(Wire.CreateInstanceRequest start, CancellationToken cancellation)
    {
        try
        {
            await CallAsync((client, options) => client.StartInstanceAsync(start, options), cancellation);
            return true;
        }
        catch (RpcException taken) when (taken.StatusCode == StatusCode.AlreadyExists)
        {
            return false;
        }
    }

    private async ValueTask<CommandOutcome> CommandAsync<T>(
        InstanceId instance,
        Func<Wire.TaskHubSidecarService.TaskHubSidecarServiceClient, CallOptions, AsyncUnaryCall<T>> call,
        CancellationToken cancellation)
    {
        // Older engines take a command for what is not there without a word.
        if (await FindAsync(instance, withPayloads: false, cancellation) is not { } state)
        {
            return CommandOutcome.NotFound;
        }

        if (StatusOf(state).IsFinal())
        {
            return CommandOutcome.AlreadyCompleted;
        }

        try
        {
            await CallAsync(call, cancellation);
            return CommandOutcome.Accepted;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.NotFound)
        {
            return CommandOutcome.NotFound;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            return CommandOutcome.AlreadyCompleted;
        }
    }

    private async ValueTask<Wire.InstanceState?> FindAsync(
        InstanceId instance, bool withPayloads, CancellationToken cancellation)
    {
        var get = new Wire.GetInstanceRequest { InstanceId = instance.Text, GetInputsAndOutputs = withPayloads };
        var answer = await CallAsync((client, options) => client.GetInstanceAsync(get, options), cancellation);
        return answer.Exists ? answer.OrchestrationState : null;
    }

    private async ValueTask<T> CallAsync<T>(
        Func<Wire.TaskHubSidecarService.TaskHubSidecarServiceClient, CallOptions, AsyncUnaryCall<T>> call,
        CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(longestCall, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var options = new CallOptions(cancellationToken: both.Token);
        try
        {
            return await GuardAsync(() => call(channel.Client, options), both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HubUnreachableException("it took too long");
        }
    }

    private static async ValueTask<T> GuardAsync<T>(Func<AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        try
        {
            using var running = call();
            return await running;
        }
        catch (RpcException cancelled) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call was given up.", cancelled, cancellation);
        }
        catch (RpcException away) when (away.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
        {
            throw new HubUnreachableException("it is away", away);
        }
    }
}
