using System.Text.Json;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Embedded;

/// <summary>The table <c>instances</c> as clients of a served hub ask for it: by ranges, by several states, with children.</summary>
internal sealed class OutsideRows(HubFile file)
{
    private const string Columns =
        "key, id, name, status, custom_status, output, failure, created_at, updated_at, completed_at";

    // A bit a status, so that one statement serves every set of them.
    private const string Chosen = "(?2 >> status) & 1 = 1 AND created_at BETWEEN ?3 AND ?4";

    private readonly Statement one = file.Make($"SELECT {Columns} FROM instances WHERE id = ?1");

    private readonly Statement query = file.Make(
        $"SELECT {Columns} FROM instances WHERE key > ?1 AND {Chosen} AND substr(id, 1, ?5) = ?6 ORDER BY key LIMIT ?7");

    private readonly Statement ids = file.Make(
        "SELECT key, id FROM instances WHERE key > ?1 AND (?2 >> status) & 1 = 1 " +
        "AND (?3 IS NULL OR completed_at >= ?3) AND (?4 IS NULL OR completed_at <= ?4) ORDER BY key LIMIT ?5");

    private readonly Statement ended = file.Make(
        $"SELECT key FROM instances WHERE key > ?1 AND {Chosen} AND completed_at IS NOT NULL ORDER BY key LIMIT ?5");

    private readonly Statement children = file.Make("SELECT key FROM instances WHERE parent = ?1");

    public OutsideRow? Find(InstanceId id)
    {
        var row = one.Bind(id.Text).Step() ? Row(one) : null;
        one.Reset();
        return row;
    }

    /// <summary>In order of creation, those after that key.</summary>
    public IEnumerable<OutsideRow> Query(OutsideFilter filter, long after, int limit)
    {
        var prefix = filter.IdPrefix ?? "";
        query.Bind(after).Bind(filter.Statuses).Bind(filter.From).Bind(filter.To);
        query.Bind(prefix.Length).Bind(prefix).Bind(limit);
        try
        {
            while (query.Step())
            {
                yield return Row(query);
            }
        }
        finally
        {
            query.Reset();
        }
    }

    public List<(long Key, string Id)> Ids(long statuses, long? completedFrom, long? completedTo, long after, int limit)
    {
        List<(long, string)> rows = [];
        ids.Bind(after).Bind(statuses).Bind(completedFrom).Bind(completedTo).Bind(limit);
        while (ids.Step())
        {
            rows.Add((ids.Long(0), ids.Text(1)));
        }

        return rows;
    }

    /// <summary>Completed instances of those states and that time of creation.</summary>
    public List<long> Ended(OutsideFilter filter, long after, int limit) =>
        Keys(ended.Bind(after).Bind(filter.Statuses).Bind(filter.From).Bind(filter.To).Bind(limit));

    /// <summary>Everything an instance has started as its sub-orchestrations, completed or not.</summary>
    public List<long> Children(long key) => Keys(children.Bind(key));

    private static List<long> Keys(Statement read)
    {
        List<long> keys = [];
        while (read.Step())
        {
            keys.Add(read.Long(0));
        }

        return keys;
    }

    private static OutsideRow Row(Statement read) => new(
        read.Long(0),
        new InstanceStatus(
            InstanceId.Parse(read.Text(1)),
            read.Text(2),
            (OrchestrationStatus)read.Int(3),
            read.TextOrNull(4),
            read.TextOrNull(5),
            read.TextOrNull(6) is { } failure
                ? JsonSerializer.Deserialize<FailureDetails>(failure, JsonShapes.Stored)
                : null,
            new DateTimeOffset(read.Long(7), TimeSpan.Zero),
            new DateTimeOffset(read.Long(8), TimeSpan.Zero)),
        read.LongOrNull(9) is { } completed ? new DateTimeOffset(completed, TimeSpan.Zero) : null);
}

/// <summary>An instance as a client sees it, but for its start.</summary>
internal sealed record OutsideRow(long Key, InstanceStatus Status, DateTimeOffset? CompletedAt);

/// <summary>Which instances are meant.</summary>
/// <param name="Statuses">A bit for each <see cref="OrchestrationStatus"/>.</param>
/// <param name="From">Earliest time of creation, UTC ticks, inclusive.</param>
/// <param name="To">Latest, inclusive.</param>
internal sealed record OutsideFilter(long Statuses, long From, long To, string? IdPrefix = null)
{
    public const long AllStatuses = 0xff;

    /// <summary>No states given mean all of them.</summary>
    public static long Bits(IEnumerable<OrchestrationStatus> statuses)
    {
        var bits = statuses.Aggregate(0L, (bits, status) => bits | (1L << ((int)status & 63)));
        return bits == 0 ? AllStatuses : bits;
    }
}
