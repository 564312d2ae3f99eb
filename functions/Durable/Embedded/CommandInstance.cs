using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>Terminate, suspend, resume: a message that the instance obeys in its next turn.</summary>
internal sealed class CommandInstance(InstanceId instance, Func<DateTimeOffset, HistoryEvent> message)
    : HubCommand<CommandOutcome>
{
    protected override CommandOutcome Decide(HubCore core)
    {
        if (core.Cells.Find(instance) is not { } cell)
        {
            return CommandOutcome.NotFound;
        }

        if (cell.Status.IsFinal())
        {
            return CommandOutcome.AlreadyCompleted;
        }

        var happened = message(core.Time.GetUtcNow());
        core.Deliver(cell, happened);
        if (cell.StartAt is not null && happened is HistoryEvent.ExecutionTerminated)
        {
            core.Release(cell);
        }

        return CommandOutcome.Accepted;
    }
}
