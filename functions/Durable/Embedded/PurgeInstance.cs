using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

internal sealed class PurgeInstance(InstanceId instance) : HubCommand<PurgeOutcome>
{
    protected override PurgeOutcome Decide(HubCore core)
    {
        if (core.Cells.Find(instance) is not { } cell)
        {
            return PurgeOutcome.NotFound;
        }

        if (!cell.Status.IsFinal())
        {
            return PurgeOutcome.NotCompleted;
        }

        core.Purge(cell.Key);
        return PurgeOutcome.Purged;
    }
}
