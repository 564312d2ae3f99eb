using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace PracticPro.Benchmarks.Cosmos;

/// <summary>
/// The table of request units. The figures come from formulas, so they are the same on every machine: a row over its
/// bound means that an operation has become dearer.
/// </summary>
internal static class ChargeReport
{
    /// <summary>The word that picks this report on the command line.</summary>
    public const string Name = "ru";

    /// <summary>Prints the table, then a JSON line a row; true when every row is within its bound.</summary>
    public static async Task<bool> RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<ChargeRow> rows = [.. await StoreCharges.MeasureAsync(cancellation), await SyncCharge.MeasureAsync(cancellation)];
        var table = new Table().AddColumns("operation", "request units", "at most", "held");
        foreach (var row in rows)
        {
            table.AddRow(
                row.Name,
                row.Units.ToString("0.0", CultureInfo.InvariantCulture),
                row.Bound.ToString("0.0", CultureInfo.InvariantCulture),
                row.Holds ? "yes" : "NO");
        }

        AnsiConsole.Write(table);
        foreach (var row in rows)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { row = row.Name, ru = Math.Round(row.Units, 2), bound = row.Bound, source = "formula" }));
        }

        return rows.All(row => row.Holds);
    }
}
