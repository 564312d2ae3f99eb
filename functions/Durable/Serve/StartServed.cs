using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Serve;

/// <summary>Starts an instance. False when its id is in use, by a run in a state that does not give way.</summary>
/// <param name="replaceable">
/// States in which an earlier run gives way: a completed one is purged, a live one is terminated first, there and then.
/// </param>
internal sealed class StartServed(
    ServedDispatch dispatch,
    NewInstance wanted,
    IReadOnlySet<OrchestrationStatus> replaceable) : HubCommand<bool>
{
    protected override bool Decide(HubCore core)
    {
        var before = core.Cells.Find(wanted.Id);
        if (before is not null)
        {
            if (!replaceable.Contains(before.Status))
            {
                return false;
            }

            if (!before.Status.IsFinal())
            {
                Terminate(core, before);
            }

            core.Purge(before.Key);
        }

        core.Create(wanted with { After = before?.UpdatedAt ?? default });
        return true;
    }

    private void Terminate(HubCore core, InstanceCell cell)
    {
        dispatch.Revoke(cell);
        cell.Status = OrchestrationStatus.Terminated;
        core.Cells.Drop(cell);
        var failure = FailureDetails.OfEngine(FailureCodes.Terminated);
        core.Tell(cell.Parent, id => new HistoryEvent.SubOrchestrationFailed(core.Time.GetUtcNow(), id, failure));
    }
}

/// <summary>Runs a completed instance once more, with what it was first started with.</summary>
/// <param name="id">The same id, or a new one.</param>
internal sealed class RestartServed(InstanceId before, InstanceId id) : HubCommand<CommandOutcome>
{
    protected override CommandOutcome Decide(HubCore core)
    {
        if (core.Cells.Find(before) is not { } cell)
        {
            return CommandOutcome.NotFound;
        }

        var start = InstanceView.StartOf(InstanceView.FirstOf(core, cell.Key));
        if (!cell.Status.IsFinal() || start is null)
        {
            // Alive; the name of the outcome is the service's to choose.
            return CommandOutcome.AlreadyCompleted;
        }

        if (id == before)
        {
            core.Purge(cell.Key);
        }

        core.Create(new NewInstance(
            id, cell.Name, start.Input, After: cell.UpdatedAt, Version: start.Version, Notes: start.Notes));
        return CommandOutcome.Accepted;
    }
}
