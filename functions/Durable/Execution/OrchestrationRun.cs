using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>
/// One execution of an orchestration's code, driven by events: each is handled until the code waits again, then the
/// next. May be kept between turns and advanced further, which gives the same actions as a fresh replay.
/// Not thread-safe; every turn may come on another thread.
/// </summary>
internal sealed class OrchestrationRun
{
    private readonly DurableRegistry registry;
    private readonly ILoggerFactory loggers;
    private readonly OrchestratorThread thread = new();
    private readonly Queue<HistoryEvent> suspendedEvents = new();
    private readonly RunContext context;
    private Task<string?>? code;
    private OrchestratorAction.CompleteOrchestration? completion;
    private bool suspended;

    public OrchestrationRun(InstanceId instance, DurableRegistry registry, ILoggerFactory loggers)
    {
        this.registry = registry;
        this.loggers = loggers;
        context = new RunContext(instance, thread);
    }

    /// <param name="past">Events not seen by this run yet that were recorded before.</param>
    /// <param name="next">What is new.</param>
    public TurnResult Advance(IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> next)
    {
        thread.Run(() =>
        {
            context.Replaying = true;
            HandleAll(past);
            context.Replaying = false;
            HandleAll(next);
        });
        return Result();
    }

    private void HandleAll(IReadOnlyList<HistoryEvent> events)
    {
        foreach (var happened in events)
        {
            try
            {
                Handle(happened);
            }
            catch (NonDeterminismException disagreement)
            {
                Abort(FailureDetails.OfEngine(FailureCodes.NonDeterminism, disagreement.Message));
            }
        }
    }

    private void Handle(HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.ExecutionTerminated terminated:
                Terminate(terminated);
                return;
            case HistoryEvent.ExecutionResumed:
                Resume();
                return;
            case var _ when suspended:
                suspendedEvents.Enqueue(happened);
                return;
            case HistoryEvent.ExecutionSuspended:
                suspended = true;
                context.Pending.Hold();
                return;
            case var _ when completion is not null:
                KeepForNextGeneration(happened);
                return;
            default:
                Dispatch(happened);
                thread.Pump();
                CheckCompletion();
                return;
        }
    }

    private void Dispatch(HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.OrchestratorStarted started:
                context.Now = started.Timestamp;
                break;
            case HistoryEvent.ExecutionStarted started:
                Start(started);
                break;
            case HistoryEvent.TimerCreated { EventId: HistoryEvent.TimerCreated.HostMadeId }:
                break;
            case HistoryEvent.TaskScheduled or HistoryEvent.SubOrchestrationCreated
                or HistoryEvent.TimerCreated or HistoryEvent.EventSent:
                context.Pending.Confirm(happened);
                break;
            case HistoryEvent.EventRaised raised:
                context.Events.Raise(raised);
                break;
            default:
                context.Calls.Answer(happened);
                break;
        }
    }

    private void KeepForNextGeneration(HistoryEvent happened)
    {
        if (happened is HistoryEvent.EventRaised raised)
        {
            context.Events.Keep(raised);
        }
    }

    private void Start(HistoryEvent.ExecutionStarted started)
    {
        if (code is not null)
        {
            return;
        }

        if (!registry.TryMakeOrchestration(started.Name, out var orchestration))
        {
            Abort(FailureDetails.OfEngine(FailureCodes.OrchestrationNotRegistered, started.Name));
            return;
        }

        context.Begin(started.ExecutionId ?? context.InstanceId.Text, loggers.CreateLogger(started.Name));
        code = orchestration.RunAsync(context, started.Input);
    }

    private void Resume()
    {
        if (!suspended)
        {
            return;
        }

        suspended = false;
        context.Pending.Release();

        // A suspension in the queue stops the draining: what follows it goes back into the queue, in order.
        var waiting = suspendedEvents.ToArray();
        suspendedEvents.Clear();
        HandleAll(waiting);
    }

    private void Terminate(HistoryEvent.ExecutionTerminated terminated)
    {
        if (completion is null)
        {
            suspended = false;
            completion = new(context.Pending.TakeId(), OrchestrationStatus.Terminated, terminated.Input);
        }
    }

    /// <summary>
    /// The instance completes when its code has returned and nothing is open. Code that waits while nothing durable
    /// is open waits for something else, and would wait for ever on the next replay.
    /// </summary>
    private void CheckCompletion()
    {
        if (completion is not null || code is null)
        {
            return;
        }

        if (thread.Violated || (!code.IsCompleted && context.Calls.Count == 0 && context.Events.Waiting == 0))
        {
            Abort(FailureDetails.OfEngine(FailureCodes.NonDurableAwait, new NonDurableAwaitException().Message));
        }
        else if (code.IsCompleted && context.Calls.Count == 0)
        {
            Complete(code);
        }
    }

    private void Complete(Task<string?> finished)
    {
        var id = context.Pending.TakeId();
        if (finished.IsCompletedSuccessfully)
        {
            completion = context.NewInput is { } next
                ? new(id, OrchestrationStatus.ContinuedAsNew, next.Json)
                : new(id, OrchestrationStatus.Completed, finished.Result);
            return;
        }

        var failure = FailureDetails.Of(
            finished.Exception?.InnerException ?? new OperationCanceledException("The code was cancelled."));
        completion = new(id, OrchestrationStatus.Failed, failure.Code, failure);
    }

    /// <summary>Fails the instance at once. Nothing else of a run that cannot be trusted is carried out.</summary>
    private void Abort(FailureDetails failure)
    {
        if (completion is null)
        {
            context.Pending.Clear();
            completion = new(context.Pending.TakeId(), OrchestrationStatus.Failed, failure.Code, failure);
        }
    }

    private TurnResult Result()
    {
        if (completion is null)
        {
            return new TurnResult([.. context.Pending.Actions], context.CustomStatus, suspended);
        }

        // Events that came after the completion in the same batch are carried over as well.
        var carried = completion.Status == OrchestrationStatus.ContinuedAsNew && context.NewInput is { Preserve: true }
            ? context.Events.Untaken
            : null;
        var last = completion with { CarryoverEvents = carried is { Count: > 0 } ? carried : null };
        return suspended
            ? new TurnResult([], context.CustomStatus, true)
            : new TurnResult([.. context.Pending.Actions, last], context.CustomStatus, false);
    }
}
