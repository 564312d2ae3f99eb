using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
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
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static BenchRow Row { get; } = new(
        "cold-start", "milli-starts/s", "an empty ASP.NET Core program", 0.5, MeasureAsync);

    public static async Task<int> ServeNothingAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();
        app.Urls.Add(address);
        app.MapGet("/healthz", static () => "ok");
        await app.RunAsync();
        return 0;
    }

    private static async Task<BenchResult> MeasureAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("cold-start-bench-");
        try
        {
            List<double> ours = [];
            List<double> empty = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var address = DemoServer.FreeAddress();
                string[] words = ["PracticPro.dll", "serve", "--Standalone:Folder", folder.FullName, "--Standalone:Listen", Origin(address)];
                ours.Add(await StartAsync(words, address, cancellation));
                address = DemoServer.FreeAddress();
                empty.Add(await StartAsync(["PracticPro.Benchmarks.dll", EmptyServer, Origin(address)], address, cancellation));
            }

            // The first start of each reads the disk and makes the data folder.
            return new BenchResult(1_000_000 / Median(ours[1..]), 1_000_000 / Median(empty[1..]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Milliseconds.</summary>
    private static async Task<double> StartAsync(string[] words, Uri address, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, words[0]));
        Array.ForEach(words[1..], start.ArgumentList.Add);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        try
        {
            while (!await AnswersAsync(address.Port, cancellation))
            {
                if (process.HasExited || clock.Elapsed > Patience)
                {
                    throw new InvalidOperationException("The program did not answer.");
                }

                await Task.Delay(Glance, TimeProvider.System, cancellation);
            }

            return clock.Elapsed.TotalMilliseconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(cancellation);
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            var stream = client.GetStream();
            await stream.WriteAsync("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            var answer = new byte[12];
            await stream.ReadExactlyAsync(answer, cancellation);
            return answer.AsSpan().SequenceEqual("HTTP/1.1 200"u8);
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static double Median(List<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
