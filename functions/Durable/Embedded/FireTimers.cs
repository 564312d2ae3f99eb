using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// Delivers what is due, soonest first. Those of ended instances and generations are only taken away.
/// </summary>
internal sealed class FireTimers : HubCommand
{
    private const int Batch = 500;

    public override void Apply(HubCore core)
    {
        var now = core.Time.GetUtcNow();
        foreach (var timer in core.Tables.Timers.Due(now + TimerShelf.Tolerance, Batch))
        {
            core.Tables.Timers.Delete(timer);
            if (core.FindLive(timer.Instance, timer.Generation) is not { } cell)
            {
                continue;
            }

            if (timer.Timer == TimerRow.Start)
            {
                core.Release(cell);
            }
            else
            {
                core.Deliver(cell, new HistoryEvent.TimerFired(now, timer.DueAt, timer.Timer));
            }
        }

        // When the batch was full the next is due already, and the shelf wakes the hub at once.
        core.Timers.Set(core.Tables.Timers.NextDueAt());
    }
}
