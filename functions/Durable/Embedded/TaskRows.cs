using System.Text.Json;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Embedded;

/// <summary>One activity to be done.</summary>
/// <param name="Seq">Its row, and its place in the queue.</param>
/// <param name="Input">The stored envelope.</param>
/// <param name="Notes">What a foreign worker attached, for whoever runs it.</param>
internal sealed record TaskRow(
    long Seq,
    long Instance,
    long Generation,
    int Task,
    string Name,
    string? Input,
    string? Version = null,
    EventNotes? Notes = null);

/// <summary>The table <c>tasks</c>, oldest first.</summary>
internal sealed class TaskRows
{
    private const string Columns = "seq, instance, generation, task, name, input, version, notes";
    private readonly Statement insert;
    private readonly Statement read;
    private readonly Statement find;
    private readonly Statement deleteCall;
    private readonly Statement delete;
    private long lastSeq;

    public TaskRows(HubFile file)
    {
        insert = file.Make(
            $"INSERT INTO tasks ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        read = file.Make($"SELECT {Columns} FROM tasks WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        find = file.Make($"SELECT {Columns} FROM tasks WHERE seq = ?1");
        deleteCall = file.Make("DELETE FROM tasks WHERE instance = ?1 AND generation = ?2 AND task = ?3");
        delete = file.Make("DELETE FROM tasks WHERE seq = ?1");
        using var last = new Statement(file, "SELECT coalesce(max(seq), 0) FROM tasks");
        last.Step();
        lastSeq = last.Long(0);
        last.Reset();
    }

    public TaskRow Insert(InstanceCell cell, OrchestratorAction.ScheduleTask task)
    {
        var row = new TaskRow(
            ++lastSeq, cell.Key, cell.Generation, task.Id, task.Name, task.Input, task.Version, task.Notes);
        insert.Bind(row.Seq).Bind(row.Instance).Bind(row.Generation).Bind(row.Task);
        insert.Bind(row.Name).Bind(row.Input).Bind(row.Version);
        insert.Bind(row.Notes is null ? null : JsonSerializer.Serialize(row.Notes, JsonShapes.Stored)).Run();
        return row;
    }

    public List<TaskRow> Load(long after, int limit)
    {
        List<TaskRow> rows = [];
        read.Bind(after).Bind(limit);
        while (read.Step())
        {
            rows.Add(Row(read));
        }

        return rows;
    }

    /// <summary>Null when it has been answered.</summary>
    public TaskRow? Find(long seq)
    {
        var row = find.Bind(seq).Step() ? Row(find) : null;
        find.Reset();
        return row;
    }

    /// <summary>Takes a call away that is not to be done after all.</summary>
    public void DeleteCall(InstanceCell cell, int task) =>
        deleteCall.Bind(cell.Key).Bind(cell.Generation).Bind(task).Run();

    /// <summary>True when the row was there: false makes an answer a duplicate.</summary>
    public bool Delete(long seq) => delete.Bind(seq).Run() == 1;

    private static TaskRow Row(Statement row) => new(
        row.Long(0),
        row.Long(1),
        row.Long(2),
        row.Int(3),
        row.Text(4),
        row.TextOrNull(5),
        row.TextOrNull(6),
        row.TextOrNull(7) is { } notes ? JsonSerializer.Deserialize<EventNotes>(notes, JsonShapes.Stored) : null);
}
