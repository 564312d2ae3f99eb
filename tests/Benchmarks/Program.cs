using System.Globalization;
using System.Text.Json;
using PracticPro.Benchmarks;
using PracticPro.Benchmarks.Cosmos;
using PracticPro.Benchmarks.Hosting;
using PracticPro.Benchmarks.Sync;
using Spectre.Console;

// Usage: bench [ROW…]. Without a name, every row. Exit code 1 when a row is under what it is held to.
// "ru" is a table of its own: request units, which are counted and not measured; there, smaller is better.
if (args is [ColdStartRow.EmptyServer, var address])
{
    return await ColdStartRow.ServeNothingAsync(address);
}

if (args is [BareEndpoint.Word, var at, var audience, var keys])
{
    return await BareEndpoint.ServeAsync(at, audience, keys);
}

if (args is [ChargeReport.Name])
{
    return await ChargeReport.RunAsync(CancellationToken.None) ? 0 : 1;
}

var all = AllRows.All;
var rows = args.Length == 0 ? [.. all] : all.Where(row => args.Contains(row.Name, StringComparer.Ordinal)).ToArray();
if (rows.Length == 0)
{
    Console.Error.WriteLine($"Rows: {string.Join(", ", all.Select(row => row.Name))}; or {ChargeReport.Name}, alone");
    return 2;
}

var table = new Table().AddColumns("row", "unit", "ours", "baseline", "ratio", "at least", "held");
List<string> lines = [];
var held = true;
foreach (var row in rows)
{
    var result = await row.Measure(CancellationToken.None);
    var holds = result.Ratio >= row.AtLeast && (result.AlsoAtLeast is not { } floor || result.Ours >= floor);
    held &= holds;
    table.AddRow(
        row.Name,
        row.Unit,
        result.Ours.ToString("N0", CultureInfo.InvariantCulture),
        $"{result.Baseline.ToString("N0", CultureInfo.InvariantCulture)} ({row.Baseline})",
        result.Ratio.ToString("0.00", CultureInfo.InvariantCulture),
        row.AtLeast.ToString("0.00", CultureInfo.InvariantCulture)
            + (result.AlsoAtLeast is { } also ? $", {also.ToString("N0", CultureInfo.InvariantCulture)}" : ""),
        holds ? "yes" : "NO");
    lines.Add(JsonSerializer.Serialize(new
    {
        row = row.Name,
        ours = Math.Round(result.Ours, 1),
        baseline = Math.Round(result.Baseline, 1),
        ratio = Math.Round(result.Ratio, 3),
    }));
}

AnsiConsole.Write(table);
lines.ForEach(Console.WriteLine);
if (args.Length == 0)
{
    held &= await ChargeReport.RunAsync(CancellationToken.None);
}

return held ? 0 : 1;
