using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.Payload;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// Works through a hub: turns of instances that have something in the inbox, one at a time for each, activities beside
/// them, and messages when they are due. What a stopped engine leaves undone, the next one does.
/// </summary>
internal sealed class DurableEngine : IDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly TaskHub _hub;
    private readonly DurableSettings _settings;
    private readonly Invoker _invoker;
    private readonly TurnTaker _turns;
    private readonly ActivityCrew _activities;
    private readonly InFlight _inFlight;
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly ITimer _timer;
    private int _turnsRunning;

    public DurableEngine(TaskHub hub, DurableSettings settings, Invoker invoker, Payloads payloads, InFlight inFlight)
    {
        _hub = hub;
        _settings = settings;
        _invoker = invoker;
        _inFlight = inFlight;
        _turns = new TurnTaker(settings, invoker, payloads);
        _activities = new ActivityCrew(hub, settings, invoker, payloads, inFlight);
        _timer = invoker.Clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes the hub over: everything that waits in it is ready.</summary>
    public void Start()
    {
        lock (_hub.Gate)
        {
            foreach (var instance in _hub.Instances.Where(one => one.IsReady))
            {
                _hub.Ready.Enqueue(instance.Id);
            }

            _hub.Wake = Pump;
            Pump();
        }
    }

    public void Dispose()
    {
        lock (_hub.Gate)
        {
            if (_hub.Wake == Pump)
            {
                _hub.Wake = null;
            }
        }

        _timer.Dispose();
    }

    private bool Stopped => _invoker.Stopping.IsCancellationRequested;

    private void OnTimer()
    {
        lock (_hub.Gate)
        {
            Pump();
        }
    }

    // Under the gate. Starts all that is ready and sets the alarm for what comes next.
    private void Pump()
    {
        if (Stopped)
        {
            return;
        }

        _hub.DeliverDue(_invoker.Clock.GetUtcNow());
        if (!_invoker.Faults.HoldsTurns)
        {
            PumpTurns();
        }

        _activities.Pump();
        if (_hub.NextDue is { } due)
        {
            var wait = due - _invoker.Clock.GetUtcNow();
            var longest = TimeSpan.FromDays(40);
            _timer.Change(
                wait < TimeSpan.Zero ? TimeSpan.Zero : wait > longest ? longest : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void PumpTurns()
    {
        for (var left = _hub.Ready.Count; left > 0 && _turnsRunning < _settings.Orchestrations; left--)
        {
            var id = _hub.Ready.Dequeue();
            if (_busy.Contains(id) || _hub.Find(id) is not { IsReady: true } instance)
            {
                // A busy one is looked at again when its turn is over.
                continue;
            }

            _busy.Add(id);
            _turnsRunning++;
            _inFlight.Enter();
            _ = Task.Run(() => TurnAsync(instance));
        }
    }

    private async Task TurnAsync(Instance instance)
    {
        var pause = false;
        try
        {
            if (Begin(instance) is var (state, taken) && state is not null)
            {
                var end = await _turns.TakeAsync(state);
                pause = end == TurnEnd.AgainLater;
                End(instance, state, taken, end == TurnEnd.Kept && !_invoker.Dice.Chance(_invoker.Faults.ForgottenTurns));
            }
        }
        finally
        {
            if (pause && !Stopped)
            {
                _ = RetryLaterAsync(instance.Id);
            }
            else
            {
                Release(instance.Id);
            }

            _inFlight.Leave();
        }
    }

    // A handler that asked for another try gets it after a moment of the host's clock.
    private async Task RetryLaterAsync(string instanceId)
    {
        await Task.Delay(RetryPause, _invoker.Clock, _invoker.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Release(instanceId);
    }

    private void Release(string instanceId)
    {
        lock (_hub.Gate)
        {
            _busy.Remove(instanceId);
            _turnsRunning--;
            if (_hub.Find(instanceId) is { IsReady: true })
            {
                _hub.Ready.Enqueue(instanceId);
            }

            _hub.Changed();
        }
    }

    // What of the inbox belongs to this run: all of it, or the first alone while the instance is suspended.
    private (TurnState? State, List<HubMessage> Taken) Begin(Instance instance)
    {
        lock (_hub.Gate)
        {
            instance.Inbox.RemoveAll(one => instance.IsCompleted || !Belongs(one, instance));
            if (!instance.IsReady)
            {
                return (null, []);
            }

            var suspended = instance.Status == RuntimeStatus.Suspended;
            List<HubMessage> taken = suspended ? [instance.Inbox[0]] : [.. instance.Inbox];
            var state = new TurnState
            {
                InstanceId = instance.Id,
                Name = instance.Name,
                Version = instance.Version,
                ExecutionId = instance.ExecutionId,
                Input = instance.Input,
                Parent = instance.Parent,
                CreatedAt = instance.CreatedAt,
                Past = [.. instance.History],
                New =
                [
                    Events.OrchestratorStarted(_invoker.Clock.GetUtcNow()),
                    .. taken.OrderBy(StartFirst).Select(one => one.Event),
                ],
                CustomStatus = instance.CustomStatus,
            };
            state.NoteSuspension(suspended);
            return (state, taken);
        }
    }

    private static int StartFirst(HubMessage message) =>
        message.Event.KindCase == Event.KindOneofCase.ExecutionStarted ? 0 : 1;

    private static bool Belongs(HubMessage message, Instance instance) =>
        message.ExecutionId is null || message.ExecutionId == instance.ExecutionId;

    private void End(Instance instance, TurnState state, List<HubMessage> taken, bool kept)
    {
        lock (_hub.Gate)
        {
            if (!kept || Stopped || !ReferenceEquals(_hub.Find(instance.Id), instance))
            {
                _invoker.Events.Statistics.Count(Figure.TurnsAbandoned);
                return;
            }

            TurnFiling.Keep(_hub, instance, state, taken, _invoker);
            _hub.Changed();
        }
    }
}
