using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Serve;

/// <summary>Deletes a completed instance. The count of what was deleted: 0 for one that is not there or not completed.</summary>
/// <param name="recursive">Also what it started, and what that started, as far as it has completed.</param>
internal sealed class PurgeServed(InstanceId instance, bool recursive) : HubCommand<int>
{
    public static int Purge(HubCore core, long root, bool recursive)
    {
        var count = 0;
        Stack<long> left = new([root]);
        while (left.TryPop(out var key))
        {
            if (core.Cells.Find(key) is not { } cell || !cell.Status.IsFinal())
            {
                continue;
            }

            if (recursive)
            {
                core.Tables.Outside.Children(key).ForEach(left.Push);
            }

            core.Purge(key);
            count++;
        }

        return count;
    }

    protected override int Decide(HubCore core) =>
        core.Cells.Find(instance) is { } cell ? Purge(core, cell.Key, recursive) : 0;
}

/// <param name="Next">Where to go on; null when there are no more.</param>
internal sealed record PurgeStep(int Count, long? Next);

/// <summary>Deletes one batch of completed instances.</summary>
internal sealed class PurgeMatching(OutsideFilter filter, bool recursive, long after, int batch) : HubCommand<PurgeStep>
{
    protected override PurgeStep Decide(HubCore core)
    {
        var keys = core.Tables.Outside.Ended(filter, after, batch);
        var count = keys.Sum(key => PurgeServed.Purge(core, key, recursive));
        return new PurgeStep(count, keys.Count == batch ? keys[^1] : null);
    }
}
