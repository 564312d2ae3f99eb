using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>One activity to be done.</summary>
/// <param name="Seq">Its row, and its place in the queue.</param>
/// <param name="Input">The stored envelope.</param>
internal sealed record TaskRow(long Seq, long Instance, long Generation, int Task, string Name, string? Input);

/// <summary>The table <c>tasks</c>, oldest first.</summary>
internal sealed class TaskRows
{
    private readonly Statement insert;
    private readonly Statement read;
    private readonly Statement delete;
    private long lastSeq;

    public TaskRows(HubFile file)
    {
        insert = file.Make(
            "INSERT INTO tasks (seq, instance, generation, task, name, input) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        read = file.Make(
            "SELECT seq, instance, generation, task, name, input FROM tasks WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        delete = file.Make("DELETE FROM tasks WHERE seq = ?1");
        using var last = new Statement(file, "SELECT coalesce(max(seq), 0) FROM tasks");
        last.Step();
        lastSeq = last.Long(0);
        last.Reset();
    }

    public TaskRow Insert(InstanceCell cell, OrchestratorAction.ScheduleTask task)
    {
        var row = new TaskRow(++lastSeq, cell.Key, cell.Generation, task.Id, task.Name, task.Input);
        insert.Bind(row.Seq).Bind(row.Instance).Bind(row.Generation).Bind(row.Task);
        insert.Bind(row.Name).Bind(row.Input).Run();
        return row;
    }

    public List<TaskRow> Load(long after, int limit)
    {
        List<TaskRow> rows = [];
        read.Bind(after).Bind(limit);
        while (read.Step())
        {
            rows.Add(new TaskRow(
                read.Long(0), read.Long(1), read.Long(2), read.Int(3), read.Text(4), read.TextOrNull(5)));
        }

        return rows;
    }

    /// <summary>True when the row was there: false makes an answer a duplicate.</summary>
    public bool Delete(long seq) => delete.Bind(seq).Run() == 1;
}
