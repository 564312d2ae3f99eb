namespace PracticPro.Durable.Embedded;

internal readonly record struct TimerRow(DateTimeOffset DueAt, long Instance, int Timer, long Generation)
{
    /// <summary>Stands for no timer of the instance's code, but for its scheduled start.</summary>
    public const int Start = -1;
}

/// <summary>The table <c>timers</c>, soonest first. A cancelled timer stays until due, and is then not heard.</summary>
internal sealed class TimerRows(HubFile file)
{
    private readonly Statement insert = file.Make(
        "INSERT OR IGNORE INTO timers (due_at, instance, timer, generation) VALUES (?1, ?2, ?3, ?4)");

    private readonly Statement due = file.Make(
        "SELECT due_at, instance, timer, generation FROM timers WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2");

    // Kept by due time; only a rewind looks for one by its id.
    private readonly Statement deleteCall = file.Make(
        "DELETE FROM timers WHERE instance = ?1 AND generation = ?2 AND timer = ?3");

    private readonly Statement next = file.Make("SELECT min(due_at) FROM timers");

    private readonly Statement delete = file.Make(
        "DELETE FROM timers WHERE due_at = ?1 AND instance = ?2 AND timer = ?3 AND generation = ?4");

    public void Insert(InstanceCell cell, int timer, DateTimeOffset dueAt) =>
        insert.Bind(dueAt.UtcTicks).Bind(cell.Key).Bind(timer).Bind(cell.Generation).Run();

    public List<TimerRow> Due(DateTimeOffset now, int limit)
    {
        List<TimerRow> rows = [];
        due.Bind(now.UtcTicks).Bind(limit);
        while (due.Step())
        {
            var at = new DateTimeOffset(due.Long(0), TimeSpan.Zero);
            rows.Add(new TimerRow(at, due.Long(1), due.Int(2), due.Long(3)));
        }

        return rows;
    }

    public DateTimeOffset? NextDueAt()
    {
        next.Step();
        var at = next.LongOrNull(0);
        next.Reset();
        return at is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    public void DeleteCall(InstanceCell cell, int timer) =>
        deleteCall.Bind(cell.Key).Bind(cell.Generation).Bind(timer).Run();

    public void Delete(TimerRow row) =>
        delete.Bind(row.DueAt.UtcTicks).Bind(row.Instance).Bind(row.Timer).Bind(row.Generation).Run();
}
