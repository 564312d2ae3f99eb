using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// What a client may ask of the hub. Refusals are exceptions of three kinds, as in the extension, and the gRPC endpoint
/// turns them into status codes as its version does.
/// </summary>
internal sealed class HubCalls(TaskHub hub, HostSettings host, DurableSettings settings, Invoker invoker)
{
    public TaskHub Hub => hub;

    public DurableSettings Settings => settings;

    public HostSettings Host => host;

    /// <summary>Starts an instance; gives its id.</summary>
    /// <exception cref="ArgumentException">No orchestration of that name.</exception>
    /// <exception cref="InstanceExistsException">One of that id is there and may not be replaced.</exception>
    public string Start(CreateInstanceRequest request)
    {
        if (settings.Orchestration(request.Name) is null)
        {
            throw new ArgumentException($"The function '{request.Name}' doesn't exist, is disabled, or is not an orchestrator function.");
        }

        var three = settings.Extension == ExtensionVersion.Three;
        var id = request.InstanceId.Length > 0 ? request.InstanceId : invoker.Dice.NextGuid().ToString("N");
        var started = new ExecutionStarted
        {
            Name = request.Name,
            Version = three ? request.Version ?? "" : "",
            Input = request.Input,
            OrchestrationInstance = new InstanceName { InstanceId = id, ExecutionId = invoker.Dice.NextGuid().ToString("N") },
            ScheduledStartTimestamp = three ? request.ScheduledStartTimestamp : null,
            ParentTraceContext = three ? request.ParentTraceContext : null,
        };
        lock (hub.Gate)
        {
            if (hub.Find(id) is { IsCompleted: false } && !host.AnyStateIsOverridable)
            {
                throw new InstanceExistsException(id);
            }

            hub.Begin(started, invoker.Clock.GetUtcNow(), started.ScheduledStartTimestamp?.ToDateTimeOffset());
            hub.Changed();
        }

        return id;
    }

    public void Raise(RaiseEventRequest request) =>
        Tell(request.InstanceId, now => Events.Raised(now, request.Name, request.Input));

    public void Terminate(TerminateRequest request) =>
        Tell(request.InstanceId, now => Events.Terminated(now, request.Output, request.Recursive));

    public void Suspend(SuspendRequest request) => Tell(request.InstanceId, now => Events.Suspended(now, request.Reason));

    public void Resume(ResumeRequest request) => Tell(request.InstanceId, now => Events.Resumed(now, request.Reason));

    /// <exception cref="ArgumentException">No such instance.</exception>
    /// <exception cref="InvalidOperationException">It has not failed.</exception>
    public void Rewind(RewindInstanceRequest request)
    {
        lock (hub.Gate)
        {
            var instance = Existing(request.InstanceId);
            if (instance.Status != RuntimeStatus.Failed)
            {
                throw new InvalidOperationException("The rewind operation is only supported on failed orchestration instances.");
            }

            Rewinding.Apply(hub, instance, request.Reason, invoker.Clock.GetUtcNow());
            hub.Changed();
        }
    }

    /// <summary>The same orchestration from its beginning, in its place or under a new id.</summary>
    /// <exception cref="ArgumentException">No such instance.</exception>
    /// <exception cref="InvalidOperationException">It still runs, and its id was to be used again.</exception>
    public string Restart(RestartInstanceRequest request)
    {
        lock (hub.Gate)
        {
            var instance = Existing(request.InstanceId);
            if (!request.RestartWithNewInstanceId && !instance.IsCompleted)
            {
                throw new InvalidOperationException("An instance that runs cannot be restarted under its own id.");
            }

            var id = request.RestartWithNewInstanceId ? invoker.Dice.NextGuid().ToString("N") : instance.Id;
            var started = new ExecutionStarted
            {
                Name = instance.Name,
                Version = instance.Version,
                Input = instance.Input,
                OrchestrationInstance = new InstanceName { InstanceId = id, ExecutionId = invoker.Dice.NextGuid().ToString("N") },
            };
            hub.Begin(started, invoker.Clock.GetUtcNow(), null);
            hub.Changed();
            return id;
        }
    }

    public InstanceState? Get(string instanceId, bool withPayloads, bool withFailure = true)
    {
        lock (hub.Gate)
        {
            return hub.Find(instanceId) is { } instance ? State(instance, withPayloads, withPayloads && withFailure) : null;
        }
    }

    public QueryInstancesResponse Query(Query query)
    {
        const int MostPerPage = 100;
        lock (hub.Gate)
        {
            var size = query.MaxInstanceCount > 0 ? query.MaxInstanceCount : MostPerPage;
            var from = int.TryParse(query.ContinuationToken, out var at) ? at : 0;
            var found = hub.Instances.Where(one => Fits(one, query)).ToList();
            var response = new QueryInstancesResponse
            {
                ContinuationToken = from + size < found.Count ? $"{from + size}" : null,
            };
            response.OrchestrationState.AddRange(found.Skip(from).Take(size).Select(one => State(one, true, false)));
            return response;
        }
    }

    /// <summary>How many were deleted. One named by its id goes whatever its status.</summary>
    public int Purge(PurgeInstancesRequest request)
    {
        lock (hub.Gate)
        {
            if (request.WhichCase == PurgeInstancesRequest.WhichOneofCase.InstanceId)
            {
                return hub.Remove(request.InstanceId) ? 1 : 0;
            }

            var filter = request.PurgeInstanceFilter;
            var found = hub.Instances.Where(one => one.IsCompleted
                && (filter.RuntimeStatus.Count == 0 || filter.RuntimeStatus.Contains(one.Status))
                && Within(one, filter.CreatedTimeFrom, filter.CreatedTimeTo)).ToList();
            found.ForEach(one => hub.Remove(one.Id));
            return found.Count;
        }
    }

    private static bool Fits(Instance instance, Query query) =>
        (query.RuntimeStatus.Count == 0 || query.RuntimeStatus.Contains(instance.Status))
        && (query.InstanceIdPrefix is not { Length: > 0 } prefix || instance.Id.StartsWith(prefix, StringComparison.Ordinal))
        && Within(instance, query.CreatedTimeFrom, query.CreatedTimeTo);

    private static bool Within(Instance instance, Timestamp? from, Timestamp? to) =>
        (from is null || instance.CreatedAt >= from.ToDateTimeOffset()) && (to is null || instance.CreatedAt <= to.ToDateTimeOffset());

    private static InstanceState State(Instance instance, bool withPayloads, bool withFailure)
    {
        var state = new InstanceState
        {
            InstanceId = instance.Id,
            Name = instance.Name,
            Version = instance.Version,
            OrchestrationStatus = instance.Status,
            CreatedTimestamp = Timestamp.FromDateTimeOffset(instance.CreatedAt),
            LastUpdatedTimestamp = Timestamp.FromDateTimeOffset(instance.UpdatedAt),
        };
        if (withPayloads)
        {
            (state.Input, state.Output, state.CustomStatus) = (instance.Input, instance.Output, instance.CustomStatus);
        }

        if (withFailure && instance.Failure is { } failure)
        {
            state.FailureDetails = new Failure
            {
                ErrorType = failure.ErrorType,
                ErrorMessage = failure.ErrorMessage,
                StackTrace = failure.StackTrace,
            };
        }

        return state;
    }

    private void Tell(string instanceId, Func<DateTimeOffset, Event> make)
    {
        lock (hub.Gate)
        {
            var instance = Existing(instanceId);
            if (instance.IsCompleted)
            {
                throw new InvalidOperationException($"The orchestration instance '{instanceId}' is in the state {instance.Status}.");
            }

            TurnFiling.Send(hub, new HubMessage(instanceId, null, make(invoker.Clock.GetUtcNow())), invoker);
            hub.Changed();
        }
    }

    private Instance Existing(string instanceId) =>
        hub.Find(instanceId) ?? throw new ArgumentException($"No instance with ID '{instanceId}' was found.");
}

/// <summary>An instance of that id is there already.</summary>
internal sealed class InstanceExistsException(string instanceId)
    : Exception($"An orchestration instance with the ID '{instanceId}' already exists.");
