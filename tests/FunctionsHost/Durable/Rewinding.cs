using PracticPro.Durable.Wire;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// Takes a failed instance back to before it failed: what failed becomes a note in the history, failed children are
/// taken back too, and a note in the inbox makes the next turn. The old output stays until there is a new one.
/// </summary>
internal static class Rewinding
{
    /// <summary>Called under the hub's gate, on an instance that has failed.</summary>
    public static void Apply(TaskHub hub, Instance instance, string? reason, DateTimeOffset now)
    {
        var failedTasks = instance.History
            .Where(one => one.KindCase == Event.KindOneofCase.TaskFailed)
            .Select(one => one.TaskFailed.TaskScheduledId)
            .ToHashSet();
        var waitsForChild = false;
        for (var at = 0; at < instance.History.Count; at++)
        {
            var one = instance.History[at];
            if (one.KindCase == Event.KindOneofCase.SubOrchestrationFailed && RewindChild(hub, instance, one, reason, now))
            {
                waitsForChild = true;
            }

            if (IsUndone(one, failedTasks))
            {
                var note = Events.Note(now, $"Rewound: {one.KindCase}");
                note.Timestamp = one.Timestamp;
                instance.History[at] = note;
            }
        }

        (instance.Status, instance.CompletedAt, instance.UpdatedAt) = (RuntimeStatus.Pending, null, now);
        if (!waitsForChild)
        {
            hub.Deliver(new HubMessage(instance.Id, instance.ExecutionId, Events.Note(now, reason)));
        }
    }

    private static bool IsUndone(Event one, HashSet<int> failedTasks) => one.KindCase switch
    {
        Event.KindOneofCase.ExecutionCompleted or Event.KindOneofCase.TaskFailed
            or Event.KindOneofCase.SubOrchestrationFailed => true,
        Event.KindOneofCase.TaskScheduled => failedTasks.Contains(one.EventId),
        _ => false,
    };

    private static bool RewindChild(TaskHub hub, Instance parent, Event failed, string? reason, DateTimeOffset now)
    {
        var created = parent.History.Find(one => one.KindCase == Event.KindOneofCase.SubOrchestrationCreated
            && one.EventId == failed.SubOrchestrationFailed.TaskScheduledId);
        if (created is null || hub.Find(created.SubOrchestrationCreated.InstanceId) is not { Status: RuntimeStatus.Failed } child)
        {
            return false;
        }

        Apply(hub, child, reason, now);
        return true;
    }
}
