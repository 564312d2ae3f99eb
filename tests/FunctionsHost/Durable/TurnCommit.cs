using PracticPro.Durable.Wire;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// What an accepted answer to a turn does: events into the history, messages on their way. The inputs of what is
/// scheduled do not enter the history.
/// </summary>
internal sealed class TurnCommit(TurnState state, TimeProvider clock, Dice dice)
{
    /// <summary>A timer's turn may come this much before it is due.</summary>
    private const int EarliestMilliseconds = 400;

    /// <summary>Applies an answer. True when the turn goes on at once, as new.</summary>
    /// <exception cref="NotSupportedException">An action this extension does not know.</exception>
    public bool Apply(OrchestratorResponse response)
    {
        foreach (var action in response.Actions)
        {
            Demand(action);
        }

        state.CustomStatus = response.CustomStatus;
        state.Past = [.. state.Past, .. state.New];
        state.New = [];
        CompleteOrchestration? end = null;
        foreach (var action in response.Actions)
        {
            end = Apply(action) ?? end;
        }

        if (end is { OrchestrationStatus: RuntimeStatus.ContinuedAsNew })
        {
            ContinueAsNew(end);
            return true;
        }

        state.Past.Add(Events.OrchestratorCompleted(clock.GetUtcNow()));
        return false;
    }

    /// <summary>Ends the instance for good, as the host does when a turn got no usable answer.</summary>
    public void Fail(string output)
    {
        var now = clock.GetUtcNow();
        state.Past = [.. state.Past, .. state.New];
        state.New = [];
        state.IsFailedByHost = true;
        Finish(-1, RuntimeStatus.Failed, output, null);
        state.Past.Add(Events.OrchestratorCompleted(now));
    }

    // All or nothing: an answer is looked through before any of it is done.
    private static void Demand(PracticPro.Durable.Wire.Action action)
    {
        var isKnown = action.KindCase switch
        {
            PracticPro.Durable.Wire.Action.KindOneofCase.None => false,
            PracticPro.Durable.Wire.Action.KindOneofCase.CreateTimer => action.CreateTimer.FireAt is not null,
            PracticPro.Durable.Wire.Action.KindOneofCase.SendEvent => action.SendEvent.Instance is not null,
            PracticPro.Durable.Wire.Action.KindOneofCase.CompleteOrchestration => action.CompleteOrchestration.OrchestrationStatus
                is not (RuntimeStatus.Running or RuntimeStatus.Pending or RuntimeStatus.Suspended),
            _ => true,
        };
        if (!isKnown)
        {
            throw new NotSupportedException($"Received unsupported action type '{action.KindCase}'.");
        }
    }

    private CompleteOrchestration? Apply(PracticPro.Durable.Wire.Action action)
    {
        switch (action.KindCase)
        {
            case PracticPro.Durable.Wire.Action.KindOneofCase.ScheduleTask:
                Schedule(action.Id, action.ScheduleTask);
                return null;
            case PracticPro.Durable.Wire.Action.KindOneofCase.CreateSubOrchestration:
                Create(action.Id, action.CreateSubOrchestration);
                return null;
            case PracticPro.Durable.Wire.Action.KindOneofCase.CreateTimer:
                Wait(action.Id, action.CreateTimer);
                return null;
            case PracticPro.Durable.Wire.Action.KindOneofCase.SendEvent:
                Send(action.Id, action.SendEvent);
                return null;
            case PracticPro.Durable.Wire.Action.KindOneofCase.CompleteOrchestration:
                Complete(action.Id, action.CompleteOrchestration);
                return action.CompleteOrchestration;
            default:
                return null;
        }
    }

    private void Schedule(int id, ScheduleTask task)
    {
        Add(id, one => one.TaskScheduled = new TaskScheduled { Name = task.Name, Version = task.Version });
        state.Activities.Add(new ActivityMessage(state.InstanceId, state.ExecutionId, id, task.Name, task.Input));
    }

    private void Create(int id, CreateSubOrchestration child)
    {
        Add(id, one => one.SubOrchestrationCreated = new SubOrchestrationCreated
        {
            InstanceId = child.InstanceId,
            Name = child.Name,
            Version = child.Version,
        });
        state.Children.Add(new ExecutionStarted
        {
            Name = child.Name,
            Version = child.Version,
            Input = child.Input,
            OrchestrationInstance = new InstanceName { InstanceId = child.InstanceId, ExecutionId = dice.NextGuid().ToString("N") },
            ParentInstance = new CallerName
            {
                TaskScheduledId = id,
                Name = state.Name,
                Version = state.Version,
                OrchestrationInstance = new InstanceName { InstanceId = state.InstanceId, ExecutionId = state.ExecutionId },
            },
        });
    }

    private void Wait(int id, CreateTimer timer)
    {
        Add(id, one => one.TimerCreated = new TimerCreated { FireAt = timer.FireAt });
        var now = clock.GetUtcNow();
        var due = timer.FireAt.ToDateTimeOffset();
        var early = TimeSpan.FromMilliseconds(dice.Below(EarliestMilliseconds + 1));
        var fired = Events.TimerFired(now, id, timer.FireAt);
        state.Later.Add(new PendingMessage(
            due - early > now ? due - early : due, new HubMessage(state.InstanceId, state.ExecutionId, fired)));
    }

    private void Send(int id, SendEvent sent)
    {
        Add(id, one => one.EventSent = new EventSent { InstanceId = sent.Instance.InstanceId, Name = sent.Name, Input = sent.Data });
        state.Messages.Add(new HubMessage(
            sent.Instance.InstanceId, null, Events.Raised(clock.GetUtcNow(), sent.Name, sent.Data)));
    }

    private void Complete(int id, CompleteOrchestration end)
    {
        if (end.OrchestrationStatus != RuntimeStatus.ContinuedAsNew)
        {
            Finish(id, end.OrchestrationStatus, end.Result, end.FailureDetails);
        }
    }

    private void Finish(int id, RuntimeStatus status, string? result, Failure? failure)
    {
        var now = clock.GetUtcNow();
        state.Past.Add(Events.ExecutionCompleted(now, id, status, result));
        (state.Status, state.Output, state.Failure) = (status, result, failure);
        if (state.Parent is { } parent)
        {
            var news = status == RuntimeStatus.Completed
                ? Events.ChildCompleted(now, parent.TaskScheduledId, result)
                : Events.ChildFailed(now, parent.TaskScheduledId, failure);
            var name = parent.OrchestrationInstance;
            state.Messages.Add(new HubMessage(name.InstanceId, name.ExecutionId, news));
        }
    }

    // The next run: nothing past, everything new, and of what is carried over only raised events.
    private void ContinueAsNew(CompleteOrchestration end)
    {
        var carried = end.CarryoverEvents
            .Where(one => one.KindCase == Event.KindOneofCase.EventRaised)
            .Select(one => Events.Raised(clock.GetUtcNow(), one.EventRaised.Name, one.EventRaised.Input))
            .ToList();
        var now = clock.GetUtcNow();
        state.ExecutionId = dice.NextGuid().ToString("N");
        state.Input = end.Result;
        state.Version = end.NewVersion ?? state.Version;
        state.CreatedAt = now;
        var started = new ExecutionStarted
        {
            Name = state.Name,
            Version = state.Version,
            Input = state.Input,
            OrchestrationInstance = new InstanceName { InstanceId = state.InstanceId, ExecutionId = state.ExecutionId },
            ParentInstance = state.Parent,
        };
        state.Past = [];
        state.New = [Events.OrchestratorStarted(now), Events.Of(now, started), .. carried, Events.OrchestratorCompleted(now)];
        state.Status = RuntimeStatus.Running;
    }

    private void Add(int id, Action<Event> fill) => state.Past.Add(Events.Bare(clock.GetUtcNow(), id, fill));
}
