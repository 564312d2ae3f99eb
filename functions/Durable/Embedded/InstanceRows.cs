using System.Text.Json;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Embedded;

/// <summary>The table <c>instances</c>.</summary>
internal sealed class InstanceRows(HubFile file)
{
    private const string CellColumns =
        "key, id, name, status, generation, execution, turn, custom_status, updated_at, " +
        "parent, parent_generation, parent_task, version, start_at, span";

    private const string StatusColumns =
        "key, id, name, status, custom_status, output, failure, created_at, updated_at";

    private readonly Statement insert = file.Make(
        "INSERT INTO instances (id, name, status, generation, execution, turn, parent, parent_generation, " +
        "parent_task, created_at, updated_at, version, start_at) " +
        "VALUES (?1, ?2, ?3, 0, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING key");

    private readonly Statement byKey = file.Make($"SELECT {CellColumns} FROM instances WHERE key = ?1");
    private readonly Statement byId = file.Make($"SELECT {CellColumns} FROM instances WHERE id = ?1");
    private readonly Statement status = file.Make($"SELECT {StatusColumns} FROM instances WHERE id = ?1");

    // The status stands in an index; the turn that does not change it leaves the index alone.
    private readonly Statement turn = file.Make(
        "UPDATE instances SET turn = ?2, custom_status = ?3, updated_at = ?4 WHERE key = ?1");

    private readonly Statement turnAndStatus = file.Make(
        "UPDATE instances SET turn = ?2, custom_status = ?3, updated_at = ?4, status = ?5, generation = ?6, " +
        "execution = ?7, version = ?8 WHERE key = ?1");

    private readonly Statement reopen = file.Make(
        "UPDATE instances SET turn = ?2, status = ?3, output = NULL, failure = NULL, completed_at = NULL WHERE key = ?1");

    private readonly Statement started = file.Make("UPDATE instances SET start_at = NULL WHERE key = ?1");
    private readonly Statement span = file.Make("UPDATE instances SET span = ?2 WHERE key = ?1");

    private readonly Statement finish = file.Make(
        "UPDATE instances SET turn = ?2, custom_status = ?3, updated_at = ?4, status = ?5, output = ?6, " +
        "failure = ?7, completed_at = ?8 WHERE key = ?1");

    private readonly Statement delete = file.Make("DELETE FROM instances WHERE key = ?1");

    private readonly Statement children = file.Make(
        "SELECT key FROM instances WHERE parent = ?1 AND completed_at IS NULL");

    private readonly Statement expired = file.Make(
        "SELECT key FROM instances WHERE completed_at < ?1 ORDER BY completed_at LIMIT ?2");

    private readonly Statement list = file.Make(
        $"SELECT {StatusColumns} FROM instances WHERE key > ?1 AND substr(id, 1, ?2) = ?3 ORDER BY key LIMIT ?4");

    private readonly Statement listByStatus = file.Make(
        $"SELECT {StatusColumns} FROM instances INDEXED BY instances_by_status " +
        "WHERE status = ?5 AND key > ?1 AND substr(id, 1, ?2) = ?3 ORDER BY key LIMIT ?4");

    /// <summary>A new instance, pending. The id must be free.</summary>
    public InstanceCell Insert(NewInstance wanted, string execution, DateTimeOffset now, DateTimeOffset? startAt)
    {
        var parent = wanted.Parent;
        insert.Bind(wanted.Id.Text).Bind(wanted.Name).Bind((long)OrchestrationStatus.Pending).Bind(execution);
        insert.Bind(parent?.Key).Bind(parent?.Generation).Bind((long?)parent?.Task);
        insert.Bind(now.UtcTicks).Bind(now.UtcTicks).Bind(wanted.Version).Bind(startAt?.UtcTicks).Step();
        var key = insert.Long(0);
        insert.Reset();
        return new InstanceCell(key, wanted.Id, wanted.Name)
        {
            Status = OrchestrationStatus.Pending,
            Execution = execution,
            UpdatedAt = now,
            Parent = parent,
            Version = wanted.Version,
            StartAt = startAt,
        };
    }

    public InstanceCell? Find(long key) => ReadCell(byKey.Bind(key));

    public InstanceCell? Find(InstanceId id) => ReadCell(byId.Bind(id.Text));

    public InstanceStatus? Status(InstanceId id)
    {
        status.Bind(id.Text);
        var found = status.Step() ? ReadStatus(status) : null;
        status.Reset();
        return found;
    }

    public void SaveTurn(InstanceCell cell, bool statusChanged)
    {
        var save = statusChanged ? turnAndStatus : turn;
        save.Bind(cell.Key).Bind(cell.Turn).Bind(cell.CustomStatus).Bind(cell.UpdatedAt.UtcTicks);
        if (statusChanged)
        {
            save.Bind((long)cell.Status).Bind(cell.Generation).Bind(cell.Execution).Bind(cell.Version);
        }

        save.Run();
    }

    public void SaveEnd(InstanceCell cell, string? output, FailureDetails? failure, DateTimeOffset completedAt)
    {
        finish.Bind(cell.Key).Bind(cell.Turn).Bind(cell.CustomStatus).Bind(cell.UpdatedAt.UtcTicks);
        finish.Bind((long)cell.Status).Bind(output);
        finish.Bind(failure is null ? null : JsonSerializer.Serialize(failure, JsonShapes.Stored));
        finish.Bind(completedAt.UtcTicks).Run();
    }

    /// <summary>A completed instance is live again.</summary>
    public void Reopen(InstanceCell cell) =>
        reopen.Bind(cell.Key).Bind(cell.Turn).Bind((long)cell.Status).Run();

    /// <summary>It waits for its start no longer.</summary>
    public void SaveStarted(long key) => started.Bind(key).Run();

    public void SaveSpan(InstanceCell cell) => span.Bind(cell.Key).Bind(cell.Span).Run();

    public void Delete(long key) => delete.Bind(key).Run();

    /// <summary>Live instances that have this one as parent.</summary>
    public List<long> Children(long key) => Keys(children.Bind(key));

    public List<long> Expired(DateTimeOffset before, int limit) => Keys(expired.Bind(before.UtcTicks).Bind(limit));

    /// <summary>In order of creation, with each instance's key.</summary>
    public List<(long Key, InstanceStatus Status)> List(InstanceQuery query, long after, int limit)
    {
        var prefix = query.IdPrefix ?? "";
        var read = query.Status is null ? list : listByStatus;
        read.Bind(after).Bind(prefix.Length).Bind(prefix).Bind(limit);
        if (query.Status is { } wanted)
        {
            read.Bind((long)wanted);
        }

        List<(long, InstanceStatus)> rows = [];
        while (read.Step())
        {
            rows.Add((read.Long(0), ReadStatus(read)));
        }

        return rows;
    }

    private static List<long> Keys(Statement read)
    {
        List<long> keys = [];
        while (read.Step())
        {
            keys.Add(read.Long(0));
        }

        return keys;
    }

    private static InstanceCell? ReadCell(Statement read)
    {
        if (!read.Step())
        {
            return null;
        }

        var cell = new InstanceCell(read.Long(0), InstanceId.Parse(read.Text(1)), read.Text(2))
        {
            Status = (OrchestrationStatus)read.Int(3),
            Generation = read.Long(4),
            Execution = read.Text(5),
            Turn = read.Long(6),
            CustomStatus = read.TextOrNull(7),
            UpdatedAt = new DateTimeOffset(read.Long(8), TimeSpan.Zero),
            Parent = read.IsNull(9) ? null : new ParentLink(read.Long(9), read.Long(10), read.Int(11)),
            Version = read.TextOrNull(12),
            StartAt = read.LongOrNull(13) is { } startAt ? new DateTimeOffset(startAt, TimeSpan.Zero) : null,
            Span = read.IsNull(14) ? null : read.Bytes(14),
        };
        read.Reset();
        return cell;
    }

    private static InstanceStatus ReadStatus(Statement read) => new(
        InstanceId.Parse(read.Text(1)),
        read.Text(2),
        (OrchestrationStatus)read.Int(3),
        read.TextOrNull(4),
        read.TextOrNull(5),
        read.TextOrNull(6) is { } failure
            ? JsonSerializer.Deserialize<FailureDetails>(failure, JsonShapes.Stored)
            : null,
        new DateTimeOffset(read.Long(7), TimeSpan.Zero),
        new DateTimeOffset(read.Long(8), TimeSpan.Zero));
}
