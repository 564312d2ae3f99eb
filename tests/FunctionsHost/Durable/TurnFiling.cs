using PracticPro.Durable.Wire;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>Files a turn that is kept, all of it in one step. Called under the hub's gate.</summary>
internal static class TurnFiling
{
    public static void Keep(TaskHub hub, Instance instance, TurnState state, List<HubMessage> taken, Invoker invoker)
    {
        var now = invoker.Clock.GetUtcNow();
        taken.ForEach(message => instance.Inbox.Remove(message));
        (instance.Status, instance.ExecutionId, instance.Input) = (state.Status, state.ExecutionId, state.Input);
        (instance.Version, instance.CustomStatus) = (state.Version, state.CustomStatus);
        (instance.CreatedAt, instance.UpdatedAt) = (state.CreatedAt, now);
        instance.History = state.Past;
        if (state.IsOver)
        {
            (instance.Output, instance.Failure, instance.CompletedAt) = (state.Output, state.Failure, now);
        }

        if (state.IsFailedByHost)
        {
            invoker.Events.Statistics.Count(Figure.InstancesFailedByHost);
            invoker.Events.Write($"instance {instance.Id} is failed for good");
        }

        state.Activities.ForEach(activity => hub.Activities.AddLast(activity));
        state.Later.ForEach(hub.DeliverLater);
        foreach (var child in state.Children)
        {
            // A child of that name that still runs keeps running; its start is not delivered twice.
            if (hub.Find(child.OrchestrationInstance.InstanceId) is not { IsCompleted: false })
            {
                hub.Begin(child, now, null);
            }
        }

        state.Messages.ForEach(message => Send(hub, message, invoker));
    }

    /// <summary>Delivers a message, now and then twice or ahead of its turn.</summary>
    public static void Send(TaskHub hub, HubMessage message, Invoker invoker)
    {
        int? place = null;
        if (message.Event.KindCase == Event.KindOneofCase.EventRaised && hub.Find(message.InstanceId) is { Inbox.Count: > 0 } target
            && invoker.Dice.Chance(invoker.Faults.ReorderedEvents))
        {
            place = invoker.Dice.Below(target.Inbox.Count);
            invoker.Events.Statistics.Count(Figure.EventsReordered);
        }

        hub.Deliver(message, place);
        if (message.Event.KindCase != Event.KindOneofCase.ExecutionStarted && invoker.Dice.Chance(invoker.Faults.DuplicateMessages))
        {
            hub.Deliver(message with { Event = message.Event.Clone() });
            invoker.Events.Statistics.Count(Figure.DuplicatesInjected);
        }
    }
}
