using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PracticPro.Cli.Demo;

/// <summary>
/// The program as a child process on a data folder, serving. It ends with its parent, however that ends: it watches its
/// standard input, which the parent holds. Killing it gives it no chance to tidy up, which is the point.
/// </summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private const int LowestPort = 20_000;
    private const int Ports = 10_000;
    private static int lastPort = Environment.ProcessId * 97;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly Process process;
    private readonly Task logging;

    private DemoServer(Process process, Task logging)
    {
        this.process = process;
        this.logging = logging;
    }

    public int ProcessNumber => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>
    /// A loopback address nobody listens on now, and which stays free while its server is down between two starts: below
    /// the ports that systems give to outgoing connections (32768 and up on Linux, 49152 and up by RFC 6335).
    /// </summary>
    public static Uri FreeAddress()
    {
        for (var tries = 0; tries < Ports; tries++)
        {
            // Each program begins elsewhere, and each call goes on from the last.
            var port = LowestPort + (int)((uint)Interlocked.Increment(ref lastPort) % Ports);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return new Uri($"http://127.0.0.1:{port}");
            }
            catch (SocketException)
            {
                // Taken; the next one may not be.
            }
        }

        throw new InvalidOperationException("No loopback port is free.");
    }

    /// <summary>Starts and returns when requests are answered.</summary>
    /// <param name="logFile">What it prints is added there.</param>
    /// <exception cref="DemoServerEndedException">It ended instead, by itself or by being killed.</exception>
    public static Task<DemoServer> StartAsync(string[] settings, string logFile, CancellationToken cancellation) =>
        StartAsync(new DemoProgram.Standalone(), settings, logFile, cancellation);

    /// <inheritdoc cref="StartAsync(string[], string, CancellationToken)"/>
    public static async Task<DemoServer> StartAsync(
        DemoProgram program, string[] settings, string logFile, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program.File, program.Words(settings, logFile))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A short life is all start-up: code that is compiled quickly beats code that runs quickly.
        start.Environment["DOTNET_TieredPGO"] = "0";

        // Where a handler that was not published finds its runtime: where ours is.
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(DemoProgram.Dotnet);
        var process = Process.Start(start) ?? throw new DemoServerEndedException();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new DemoServer(process, LogAsync(process, logFile, program.ListeningLine, listening));
        try
        {
            await listening.Task.WaitAsync(StartPatience, TimeProvider.System, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the process is gone, whoever ended it.</summary>
    public Task EndedAsync(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    /// <summary>SIGKILL. Returns when the process is gone.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        process.Kill();
        await process.WaitForExitAsync(cancellation);
    }

    /// <summary>
    /// SIGKILL to all that it started, and not to itself: a host's handler. Returns when they are gone.
    /// </summary>
    public async Task KillChildrenAsync(CancellationToken cancellation)
    {
        var victims = ProcessFamily.DescendantsOf(process.Id);
        foreach (var victim in victims)
        {
            ProcessFamily.Kill(victim);
        }

        while (victims.Any(ProcessFamily.IsAlive))
        {
            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }
    }

    /// <summary>Asks it to end and waits, for what it started as well. True when it ended in order.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellation)
    {
        var family = ProcessFamily.DescendantsOf(process.Id);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(StopPatience, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            await KillAsync(cancellation);
        }

        while (family.Any(ProcessFamily.IsAlive))
        {
            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }

        await logging;
        return process.ExitCode == ExitCodes.Done;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await logging;
        process.Dispose();
    }

    private static async Task LogAsync(
        Process process, string logFile, string listeningLine, TaskCompletionSource listening)
    {
        await using var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            await log.WriteLineAsync(line);
            await log.FlushAsync();
            if (line.StartsWith(listeningLine, StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        }

        await log.WriteLineAsync(await errors);
        listening.TrySetException(new DemoServerEndedException());
    }
}

/// <summary>The server ended before it answered. Its log says why.</summary>
internal sealed class DemoServerEndedException() : Exception("The server ended before it listened.");
