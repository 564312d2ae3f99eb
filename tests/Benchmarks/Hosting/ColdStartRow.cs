using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using PracticPro.Cli.Demo;

namespace PracticPro.Benchmarks.Hosting;

/// <summary>
/// From starting the process to the first answer of <c>/healthz</c>, as starts a second: the program on a data folder it
/// made before, against an empty ASP.NET Core program. Starts take turns, so that a busy machine slows both.
/// </summary>
internal static class ColdStartRow
{
    /// <summary>The word that makes this program the empty one.</summary>
    public const string EmptyServer = "empty-server";

    private const int Rounds = 9;

    /// <summary>Both as they are built: by the installed runtime.</summary>
    public static BenchRow Row { get; } = new(
        "cold-start",
        "milli-starts/s",
        "an empty ASP.NET Core program",
        0.5,
        cancellation => MeasureAsync(
            [DemoProgram.Dotnet, Built("PracticPro.dll")], [DemoProgram.Dotnet, Built("PracticPro.Benchmarks.dll"), EmptyServer], cancellation));

    /// <summary>Both as they are deployed: self-contained, compiled ahead of time.</summary>
    public static BenchRow PublishedRow { get; } = new(
        "cold-start-published",
        "milli-starts/s",
        "an empty ASP.NET Core program published likewise",
        0.5,
        async cancellation => await MeasureAsync(
            [await Published.ProgramAsync(cancellation)],
            [await Published.EmptyServerAsync(cancellation)],
            cancellation));

    public static async Task<int> ServeNothingAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();
        app.Urls.Add(address);
        app.MapGet("/healthz", static () => "ok");
        await app.RunAsync();
        return 0;
    }

    private static async Task<BenchResult> MeasureAsync(string[] program, string[] nothing, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("cold-start-bench-");
        try
        {
            List<double> ours = [];
            List<double> empty = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var address = DemoServer.FreeAddress();
                string[] words = [.. program, "serve", "--Standalone:Folder", folder.FullName, "--Standalone:Listen", Origin(address)];
                ours.Add(await FirstAnswer.OfAsync(new ProcessStartInfo(words[0], words[1..]), address.Port, cancellation));
                address = DemoServer.FreeAddress();
                words = [.. nothing, Origin(address)];
                empty.Add(await FirstAnswer.OfAsync(new ProcessStartInfo(words[0], words[1..]), address.Port, cancellation));
            }

            // The first start of each reads the disk and makes the data folder.
            return new BenchResult(1_000_000 / Median(ours[1..]), 1_000_000 / Median(empty[1..]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Built(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static double Median(List<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
