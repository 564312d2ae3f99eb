using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using PracticPro.Cli.Demo;

namespace PracticPro.Tests.Canaries;

/// <summary>
/// The program as a process in a working folder, with a temporary folder and a data folder that nobody else uses, what it
/// prints kept, and optionally a <see cref="Witness"/> inside.
/// </summary>
internal sealed class WatchedServer : IAsyncDisposable
{
    private const string Listening = "practicpro listening on ";

    private readonly Process process;
    private readonly Task printing;
    private readonly string work;

    private WatchedServer(Process process, Task printing, string work) => (this.process, this.printing, this.work) = (process, printing, work);

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Folders of a run: where it works, its temporary files, its data, what is printed and witnessed.</summary>
    public static void MakeFolders(string work)
    {
        foreach (var name in new[] { "cwd", "tmp", "data", "witness", "printed" })
        {
            Directory.CreateDirectory(Path.Combine(work, name));
        }
    }

    /// <summary>Starts one and returns when it answers.</summary>
    public static async Task<WatchedServer> StartAsync(
        string work, string[] settings, (string Name, string Value)[] environment, bool withCores = false, bool witnessed = true)
    {
        var server = Begin(work, ["serve", "--until-input-ends", .. settings], environment, withCores, witnessed, out var listening);
        try
        {
            await listening.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Printed)> RunAsync(
        string work, string[] words, string input, params (string Name, string Value)[] environment)
    {
        await using var verb = Begin(work, words, environment, withCores: false, witnessed: false, out _);
        await verb.process.StandardInput.WriteLineAsync(input);
        verb.process.StandardInput.Close();
        await verb.process.WaitForExitAsync(Cancellation);
        await verb.printing;
        return (verb.process.ExitCode, await File.ReadAllTextAsync(verb.PrintedFile, Cancellation));
    }

    /// <summary>Tells the witness inside; returns when it was done, or when the server is gone.</summary>
    public async Task TellAsync(string word)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(work, "witness", "w")), Cancellation);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(word), Cancellation);
        try
        {
            await socket.ReceiveAsync(new byte[8], Cancellation);
        }
        catch (SocketException)
        {
            // It died of what it was told.
        }
    }

    /// <summary>SIGABRT until it is gone: of one that comes from outside, the runtime's own handler takes the first.</summary>
    public async Task AbortAsync()
    {
        while (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-ABRT", Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(Cancellation);
            await Task.WhenAny(process.WaitForExitAsync(Cancellation), Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation));
        }
    }

    /// <summary>Returns when it is gone.</summary>
    public async Task<int> EndedAsync()
    {
        await process.WaitForExitAsync(Cancellation);
        await printing;
        return process.ExitCode;
    }

    /// <summary>Asks it to end, in order.</summary>
    public Task<int> StopAsync()
    {
        process.StandardInput.Close();
        return EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync(CancellationToken.None);
        await printing;
        process.Dispose();
    }

    private string PrintedFile => Path.Combine(work, "printed", process.Id.ToString(CultureInfo.InvariantCulture));

    private static WatchedServer Begin(
        string work, string[] words, (string Name, string Value)[] environment, bool withCores, bool witnessed, out Task listening)
    {
        string[] program = [DemoProgram.Dotnet, Path.Combine(AppContext.BaseDirectory, "PracticPro.dll"), .. words];

        // The shell gives way to the program and leaves it the limit: then only the program itself forgoes a core file.
        var start = withCores
            ? new ProcessStartInfo("/bin/sh", ["-c", "ulimit -c unlimited; exec \"$0\" \"$@\"", .. program])
            : new ProcessStartInfo(program[0], program[1..]);
        start.WorkingDirectory = Path.Combine(work, "cwd");
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.Environment["TMPDIR"] = Path.Combine(work, "tmp");
        if (witnessed)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(WatchedServer).Assembly.Location;
            start.Environment[Witness.FolderSetting] = Path.Combine(work, "witness");
            start.Environment["Logging__Witness__LogLevel__Default"] = "Trace";
            File.Delete(Path.Combine(work, "witness", "w"));
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
        var announced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        listening = announced.Task;
        return new WatchedServer(process, PrintAsync(process, work, announced), work);
    }

    private static async Task PrintAsync(Process process, string work, TaskCompletionSource announced)
    {
        var path = Path.Combine(work, "printed", process.Id.ToString(CultureInfo.InvariantCulture));
        await using var file = new StreamWriter(path) { AutoFlush = true };
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            await file.WriteLineAsync(line);
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                announced.TrySetResult();
            }
        }

        await file.WriteLineAsync(await errors);
        announced.TrySetException(new InvalidOperationException("It ended before it listened."));
    }
}
