using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>Takes an activity's answer: the task goes and the answer enters the inbox, or neither.</summary>
/// <param name="answer">Null when it was given up for a stop; the task then stays.</param>
internal sealed class ApplyActivity(TaskRow task, HistoryEvent? answer, byte[] stored) : HubCommand
{
    public override void Apply(HubCore core)
    {
        core.RunningActivities--;

        // No row: the answer is a second one.
        if (answer is not null
            && core.Tables.Tasks.Delete(task.Seq)
            && core.FindLive(task.Instance, task.Generation) is { } cell)
        {
            core.Deliver(cell, answer, stored);
        }
    }
}
