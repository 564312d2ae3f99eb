using System.Diagnostics;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using PracticPro.Loopback;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.CosmosDouble;

/// <summary>The double as a process of its own, over one folder; killed and started again at the same port.</summary>
internal sealed class DoubleProcess(string folder) : IDisposable
{
    private Process? process;

    public Uri? Endpoint { get; private set; }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "PracticPro.CosmosDouble.dll");

    public async Task StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            Program, "--port", (Endpoint?.Port ?? 0).ToString(null as IFormatProvider), "--identity", folder,
            "--folder", Path.Combine(folder, "journal"),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellation);
        Endpoint = new Uri(JsonDocument.Parse(line!).RootElement.GetProperty("endpoint").GetString()!);
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    public CosmosClient Connect() => new(
        Endpoint!.ToString(),
        new LoopbackCredential(LoopbackTokens.OpenOrMake(folder), TimeProvider.System),
        CosmosRig.OptionsFor(Endpoint, LoopbackAuthority.OpenOrMake(folder)));

    public void Dispose()
    {
        if (process is not null)
        {
            Kill();
        }
    }
}
