using Microsoft.Data.Sqlite;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Simulation.Hub;

/// <summary>What a hub's file holds when nobody has it open.</summary>
/// <param name="Histories">Of every instance, by its key in the file; the last generation only.</param>
/// <param name="Answers">By idempotency key: when the answer that was committed was given.</param>
/// <param name="Left">Rows in the tables that are empty when all is done, by table.</param>
/// <param name="Integrity">What the file says of itself: <c>ok</c>.</param>
internal sealed record HubRows(
    Dictionary<long, List<HistoryEvent>> Histories,
    Dictionary<string, DateTimeOffset> Answers,
    Dictionary<string, long> Left,
    string Integrity)
{
    public static HubRows Read(string folder)
    {
        using var file = new SqliteConnection($"Data Source={Path.Combine(folder, "hub.db")};Mode=ReadOnly;Pooling=False");
        file.Open();
        var histories = ReadHistories(file);
        Dictionary<string, DateTimeOffset> answers = [];
        foreach (var history in histories.Values)
        {
            AddAnswers(history, answers);
        }

        var left = new Dictionary<string, long>
        {
            ["inbox"] = (long)Ask(file, "SELECT count(*) FROM inbox"),
            ["tasks"] = (long)Ask(file, "SELECT count(*) FROM tasks"),
            ["timers"] = (long)Ask(file, "SELECT count(*) FROM timers"),
        };
        return new HubRows(histories, answers, left, (string)Ask(file, "PRAGMA integrity_check"));
    }

    /// <summary>
    /// Nothing is left to do, every history ends once, and what was asked in it was answered once.
    /// </summary>
    public IEnumerable<string> Faults()
    {
        if (Integrity != "ok")
        {
            yield return $"The file is damaged: {Integrity}";
        }

        foreach (var (table, rows) in Left.Where(table => table.Value > 0))
        {
            yield return $"{table} has {rows} rows left";
        }

        foreach (var (instance, history) in Histories)
        {
            var ends = history.OfType<HistoryEvent.ExecutionCompleted>().Count();
            var asked = history.OfType<HistoryEvent.TaskScheduled>().Select(task => task.EventId).Order();
            var answered = history.OfType<HistoryEvent.TaskCompleted>().Select(answer => answer.TaskScheduledId).Order();
            if (ends != 1 || !asked.SequenceEqual(answered))
            {
                yield return $"history {instance} has {ends} ends, or a call without an answer, or with two";
            }
        }
    }

    private static void AddAnswers(List<HistoryEvent> history, Dictionary<string, DateTimeOffset> answers)
    {
        var calls = history.OfType<HistoryEvent.TaskScheduled>()
            .ToDictionary(task => task.EventId, task => ActivityEnvelope.Open(task.Input).Call);
        foreach (var answer in history.OfType<HistoryEvent.TaskCompleted>())
        {
            answers[calls[answer.TaskScheduledId]] = answer.Timestamp;
        }
    }

    private static Dictionary<long, List<HistoryEvent>> ReadHistories(SqliteConnection file)
    {
        using var read = file.CreateCommand();
        read.CommandText = "SELECT instance, events FROM history ORDER BY instance, turn";
        using var rows = read.ExecuteReader();
        var histories = new Dictionary<long, List<HistoryEvent>>();
        while (rows.Read())
        {
            histories.TryAdd(rows.GetInt64(0), []);
            histories[rows.GetInt64(0)].AddRange(HistoryJson.Parse((byte[])rows.GetValue(1)));
        }

        return histories;
    }

#pragma warning disable CA2100 // The callers' texts stand in this file.
    private static object Ask(SqliteConnection file, string query)
    {
        using var command = file.CreateCommand();
        command.CommandText = query;
        return command.ExecuteScalar()!;
    }
#pragma warning restore CA2100
}
