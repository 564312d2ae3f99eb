using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>Null when there is no such instance.</summary>
internal sealed class ReadInstance(InstanceId instance) : HubCommand<InstanceView?>
{
    protected override InstanceView? Decide(HubCore core) =>
        core.Tables.Outside.Find(instance) is { } row ? InstanceView.Of(core, row) : null;
}

/// <summary>The stored history of an execution; null when there is none such.</summary>
/// <param name="executionId">Null for the one that runs, or ran last.</param>
internal sealed class ReadHistory(InstanceId instance, string? executionId) : HubCommand<List<byte[]>?>
{
    protected override List<byte[]>? Decide(HubCore core) =>
        core.Cells.Find(instance) is { } cell && (executionId is null || cell.Execution == executionId)
            ? core.Tables.History.Load(cell.Key)
            : null;
}

/// <param name="Next">Where the list goes on; null at its end.</param>
internal sealed record ServedPage(IReadOnlyList<InstanceView> Views, long? Next);

/// <summary>
/// One page in order of creation: at most that many, and fewer when they are large, so that a page fits into a message.
/// </summary>
internal sealed class QueryServed(OutsideFilter filter, long after, int limit) : HubCommand<ServedPage>
{
    private const long LargestBytes = 2 << 20;

    protected override ServedPage Decide(HubCore core)
    {
        List<InstanceView> views = [];
        long bytes = 0;
        foreach (var row in core.Tables.Outside.Query(filter, after, limit + 1))
        {
            if (views.Count == limit || bytes > LargestBytes)
            {
                return new ServedPage(views, views[^1].Row.Key);
            }

            var view = InstanceView.Of(core, row);
            views.Add(view);
            bytes += (view.First?.Length ?? 0) + (row.Status.Output?.Length ?? 0) + (row.Status.CustomStatus?.Length ?? 0);
        }

        return new ServedPage(views, null);
    }
}

/// <param name="Next">Where the list goes on; null at its end.</param>
internal sealed record ServedIds(IReadOnlyList<string> Ids, long? Next);

/// <param name="completedFrom">UTC ticks; given, only completed instances are meant.</param>
internal sealed class ListServedIds(long statuses, long? completedFrom, long? completedTo, long after, int limit)
    : HubCommand<ServedIds>
{
    protected override ServedIds Decide(HubCore core)
    {
        var rows = core.Tables.Outside.Ids(statuses, completedFrom, completedTo, after, limit + 1);
        var shown = rows.Take(limit).ToList();
        return new ServedIds([.. shown.Select(row => row.Id)], rows.Count > shown.Count ? shown[^1].Key : null);
    }
}
