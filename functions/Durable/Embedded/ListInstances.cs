using System.Globalization;
using PracticPro.Kernel;

namespace PracticPro.Durable.Embedded;

/// <summary>One page in order of creation. The cursor is the key of the last instance that was shown.</summary>
internal sealed class ListInstances(InstanceQuery query, long after) : HubCommand<Page<InstanceStatus>>
{
    public const int LargestPage = 500;

    /// <summary>Null when the cursor is not one of this list.</summary>
    public static ListInstances? From(InstanceQuery query, Cursor? from)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, LargestPage);
        if (from is not { } cursor)
        {
            return new ListInstances(query, 0);
        }

        return long.TryParse(cursor.Position, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? new ListInstances(query, key)
            : null;
    }

    protected override Page<InstanceStatus> Decide(HubCore core)
    {
        // One more than shown tells whether there is a next page.
        var rows = core.Tables.Instances.List(query, after, query.PageSize + 1);
        var shown = rows.Take(query.PageSize).ToList();
        var next = rows.Count > shown.Count
            ? Cursor.At(shown[^1].Key.ToString(CultureInfo.InvariantCulture))
            : (Cursor?)null;
        return new Page<InstanceStatus>([.. shown.Select(row => row.Status)], next);
    }
}
