using System.Diagnostics;
using System.Globalization;

namespace PracticPro.Simulation.Workers;

/// <summary>The processes that are killed: the hub and its workers. Each is started again at once.</summary>
internal sealed class Cast(string folder, int port, int workers) : IAsyncDisposable
{
    private readonly Process[] all = new Process[workers + 1];

    public async Task StartAsync(CancellationToken cancellation)
    {
        for (var who = workers; who >= 0; who--)
        {
            all[who] = await StartAsync(who, cancellation);
        }
    }

    /// <param name="who">A worker's number, or the hub, which comes after the last.</param>
    public async Task KillAsync(int who, CancellationToken cancellation)
    {
        all[who].Kill();
        await all[who].WaitForExitAsync(cancellation);
        all[who].Dispose();
        all[who] = await StartAsync(who, cancellation);
    }

    /// <summary>Ends all in order, as a closed input asks them to, the hub last.</summary>
    public async Task EndAsync()
    {
        foreach (var process in all)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in all.OfType<Process>())
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }
    }

    private async Task<Process> StartAsync(int who, CancellationToken cancellation)
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        var start = new ProcessStartInfo(self) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PracticPro.Simulation.dll"));
        }

        foreach (var word in (string[])[who == workers ? "served-hub" : "remote-worker", folder, port.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(word);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("A process did not start.");
        await process.StandardOutput.ReadLineAsync(cancellation);
        return process;
    }
}
