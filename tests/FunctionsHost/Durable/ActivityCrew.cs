using System.Text.Json;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.Answers;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Payload;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// Runs activities, so many at a time, at least once each: a message goes out of the hub when its result is filed, and now
/// and then not even then.
/// </summary>
internal sealed class ActivityCrew(
    TaskHub hub, DurableSettings settings, Invoker invoker, Payloads payloads, InFlight inFlight)
{
    private readonly HashSet<ActivityMessage> _running = new(ReferenceEqualityComparer.Instance);

    /// <summary>Starts what waits. Called under the hub's gate.</summary>
    public void Pump()
    {
        for (var node = hub.Activities.First; node is not null && _running.Count < settings.Activities; node = node.Next)
        {
            var message = node.Value;
            if (_running.Add(message))
            {
                inFlight.Enter();
                _ = Task.Run(() => WorkAsync(message));
            }
        }
    }

    private async Task WorkAsync(ActivityMessage message)
    {
        try
        {
            if (await RunAsync(message) is { } completion)
            {
                File(message, completion);
            }
        }
        finally
        {
            lock (hub.Gate)
            {
                _running.Remove(message);
                hub.Changed();
            }

            inFlight.Leave();
        }
    }

    // An activity that nobody declared fails without a word about why.
    private async Task<Event?> RunAsync(ActivityMessage message)
    {
        if (settings.Activity(message.Name) is not { } function)
        {
            return Events.TaskFailed(invoker.Clock.GetUtcNow(), message.TaskId, null);
        }

        invoker.Events.Statistics.Count(Figure.Activities);
        var outcome = await CallAsync(function, message);
        var now = invoker.Clock.GetUtcNow();
        return outcome.Kind switch
        {
            OutcomeKind.Abandoned => null,
            OutcomeKind.Answered => Events.TaskCompleted(
                now, message.TaskId, DurableResult.OfActivity(outcome.Answer!.ReturnValue)),
            _ => Events.TaskFailed(now, message.TaskId, outcome.Failure!.ToWire()),
        };
    }

    // An input that is no JSON never reaches the handler.
    private async Task<Outcome> CallAsync(Function function, ActivityMessage message)
    {
        try
        {
            return await invoker.InvokeAsync(function, payloads.Activity(function, message.InstanceId, message.Input));
        }
        catch (JsonException broken)
        {
            return new Outcome(OutcomeKind.Failed, null, HostFailure.Invocation(
                function, new HostFailure("Newtonsoft.Json.JsonReaderException", broken.Message)));
        }
    }

    private void File(ActivityMessage message, Event completion)
    {
        lock (hub.Gate)
        {
            if (invoker.Stopping.IsCancellationRequested)
            {
                return;
            }

            TurnFiling.Send(hub, new HubMessage(message.InstanceId, message.ExecutionId, completion), invoker);
            if (invoker.Dice.Chance(invoker.Faults.DuplicateActivities))
            {
                invoker.Events.Statistics.Count(Figure.DuplicatesInjected);
                return;
            }

            hub.Activities.Remove(message);
        }
    }
}
