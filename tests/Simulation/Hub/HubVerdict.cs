using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Simulation.Hub;

/// <summary>Looks at a hub's folder when all is over, and lists what is wrong. An empty list is a whole hub.</summary>
internal static class HubVerdict
{
    public static async Task<List<string>> OfAsync(string folder, int eachKind, CancellationToken cancellation)
    {
        List<string> faults = [];
        var expected = HubWorkload.Expected(eachKind).ToList();
        await CheckOutputsAsync(folder, expected, faults, cancellation);
        CheckEffects(folder, expected, faults);
        CheckTables(folder, faults);
        return faults;
    }

    private static async Task CheckOutputsAsync(
        string folder,
        List<Expectation> all,
        List<string> faults,
        CancellationToken cancellation)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var hub = EmbeddedHub.Open(
            new DurableRegistry(), services, new DurableOptions { Folder = folder });
        hub.Start();
        foreach (var expected in all)
        {
            var status = await hub.GetStatusAsync(expected.Instance, cancellation);
            var output = expected.Output.ToString(CultureInfo.InvariantCulture);
            if (status is not { Status: OrchestrationStatus.Completed } || status.Output != output)
            {
                faults.Add($"{expected.Instance}: {status?.Status} {status?.Output}, not {output}");
            }
        }
    }

    /// <summary>
    /// Deliveries may be more than calls; keys may not. A lost call is a key too few, a call made twice, as by an
    /// instance that ran or completed twice, a key too many.
    /// </summary>
    private static void CheckEffects(string folder, List<Expectation> all, List<string> faults)
    {
        var keys = File.ReadAllLines(Path.Combine(folder, "effects")).Distinct().ToList();
        var wanted = all.Sum(expected => expected.Effects);
        if (keys.Count != wanted)
        {
            faults.Add($"{keys.Count} effects by key, not {wanted}");
        }

        var byInstance = keys.CountBy(line => line.Split(' ')[1]).ToDictionary();
        foreach (var expected in all.Where(one => one.Name != "parent"))
        {
            var found = byInstance.GetValueOrDefault(expected.Instance.Text);
            if (found != expected.Effects)
            {
                faults.Add($"{expected.Instance}: {found} effects by key, not {expected.Effects}");
            }
        }
    }

    /// <summary>Nothing is left to do, every history ends once, and no answer stands in one twice.</summary>
    private static void CheckTables(string folder, List<string> faults)
    {
        var path = Path.Combine(folder, "hub.db");
        using var file = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        file.Open();
        foreach (var table in (string[])["inbox", "tasks", "timers"])
        {
            using var count = file.CreateCommand();
#pragma warning disable CA2100 // The names stand in the line above.
            count.CommandText = $"SELECT count(*) FROM {table}";
#pragma warning restore CA2100
            if ((long)count.ExecuteScalar()! != 0)
            {
                faults.Add($"{table} is not empty");
            }
        }

        CheckHistories(file, faults);
    }

    private static void CheckHistories(SqliteConnection file, List<string> faults)
    {
        using var read = file.CreateCommand();
        read.CommandText = "SELECT instance, events FROM history ORDER BY instance, turn";
        using var rows = read.ExecuteReader();
        var histories = new Dictionary<long, List<HistoryEvent>>();
        while (rows.Read())
        {
            var events = HistoryJson.Parse((byte[])rows.GetValue(1));
            histories.TryAdd(rows.GetInt64(0), []);
            histories[rows.GetInt64(0)].AddRange(events);
        }

        foreach (var (instance, history) in histories)
        {
            var ends = history.OfType<HistoryEvent.ExecutionCompleted>().Count();
            var answers = history.OfType<HistoryEvent.TaskCompleted>().CountBy(answer => answer.TaskScheduledId);
            if (ends != 1 || answers.Any(answer => answer.Value > 1))
            {
                faults.Add($"history {instance} has {ends} ends, or an answer twice");
            }
        }
    }
}
