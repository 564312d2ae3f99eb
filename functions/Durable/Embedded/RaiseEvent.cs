using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

internal sealed class RaiseEvent(RaiseRequest request) : HubCommand<RaiseOutcome>
{
    protected override RaiseOutcome Decide(HubCore core)
    {
        if (!Payload.FitsLimit(request.Payload, core.Options.LargestPayload))
        {
            return RaiseOutcome.TooLarge;
        }

        // Before the state: who asks again after a lost answer is told what was told, even if all is over by now.
        if (core.Tables.Deliveries.Contains(request.Instance, request.Delivery))
        {
            return RaiseOutcome.Raised;
        }

        if (core.Cells.Find(request.Instance) is not { } cell)
        {
            return RaiseOutcome.NotFound;
        }

        if (cell.Status.IsFinal())
        {
            return RaiseOutcome.AlreadyCompleted;
        }

        var now = core.Time.GetUtcNow();
        core.Tables.Deliveries.Insert(request.Instance, request.Delivery, now);
        core.Deliver(cell, new HistoryEvent.EventRaised(now, request.Event, request.Payload));
        return RaiseOutcome.Raised;
    }
}
