using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

internal sealed class StartInstance(StartRequest request) : HubCommand<StartOutcome>
{
    protected override StartOutcome Decide(HubCore core)
    {
        if (!Payload.FitsLimit(request.Input, core.Options.LargestPayload))
        {
            return StartOutcome.TooLarge;
        }

        var before = core.Cells.Find(request.Instance);
        if (before is not null)
        {
            if (!request.RestartCompleted || !before.Status.IsFinal())
            {
                return StartOutcome.AlreadyExists;
            }

            core.Purge(before.Key);
        }

        core.Create(new NewInstance(
            request.Instance, request.Name, request.Input, After: before?.UpdatedAt ?? default));
        return StartOutcome.Started;
    }
}
