using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using PracticPro.Cli.Demo;

namespace PracticPro.Simulation.Counterparts;

/// <summary>
/// A stand-in for one service of Azure, as a process at an address that stays: it can be killed, started again on what it
/// kept, and stopped in its tracks.
/// </summary>
internal sealed class Counterpart(string part, string assembly, string[] words) : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);

    private Process? process;

    /// <summary>What the program's status calls it.</summary>
    public string Part => part;

    /// <summary>What it said of itself in JSON when it listened, by name.</summary>
    public IReadOnlyDictionary<string, string> Said { get; private set; } = new Dictionary<string, string>();

    public async Task StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            DemoProgram.Dotnet, [Path.Combine(AppContext.BaseDirectory, assembly), "--until-input-ends", .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start.");
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(StartPatience, TimeProvider.System, cancellation) is { } line)
        {
            if (line.StartsWith('{'))
            {
                using var said = JsonDocument.Parse(line);
                Said = said.RootElement.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.ToString());
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException($"{assembly} ended before it listened: {await errors}");
    }

    /// <summary>SIGKILL. Returns when it is gone.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        process = null;
    }

    /// <summary>SIGSTOP: connections stay, and nothing is answered.</summary>
    public void Stall() => Signal(Stop);

    /// <summary>SIGCONT.</summary>
    public void GoOn() => Signal(Continue);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited)
            {
                Signal(Continue);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }

    private void Signal(int signal)
    {
        if (Kill(process!.Id, signal) != 0)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"Signal {signal} could not be sent."));
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
