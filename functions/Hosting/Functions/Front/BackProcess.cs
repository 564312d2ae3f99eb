using System.Diagnostics;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// One life of the back. It holds on to its standard input, which ends with this process, however that ends. What it
/// prints goes where this process prints; of its errors only the program's own sentences do, since the words of a crash
/// may hold anything.
/// </summary>
internal sealed partial class BackProcess : IDisposable
{
    private const string OurSentence = "practicpro: ";
    private readonly Process process;
    private readonly TaskCompletionSource<BackAddresses?> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TextWriter output;
    private readonly ILogger log;

    private BackProcess(Process process, TextWriter output, ILogger log) =>
        (this.process, this.output, this.log) = (process, output, log);

    public int Id => process.Id;

    public int ExitCode => process.ExitCode;

    /// <summary>Where it listens; null when it ended before it did.</summary>
    public Task<BackAddresses?> ListeningAsync(CancellationToken cancellation) => listening.Task.WaitAsync(cancellation);

    public static BackProcess Start(BackCommand command, TextWriter output, ILogger log)
    {
        var start = new ProcessStartInfo(command.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The back did not start.");
        var back = new BackProcess(process, output, log);
        _ = back.PassOnOutputAsync();
        _ = back.PassOnErrorsAsync();
        return back;
    }

    public Task EndedAsync(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    /// <summary>Asks it to end, by ending its input.</summary>
    public void AskToEnd() => process.StandardInput.Close();

    public void Kill() => process.Kill();

    public void Dispose() => process.Dispose();

    private async Task PassOnOutputAsync()
    {
        try
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (BackAddresses.Of(line) is { } addresses)
                {
                    listening.TrySetResult(addresses);
                }
                else
                {
                    await output.WriteLineAsync(line);
                }
            }
        }
        catch (Exception torn) when (torn is IOException or ObjectDisposedException)
        {
            // It has ended.
        }

        listening.TrySetResult(null);
    }

    private async Task PassOnErrorsAsync()
    {
        try
        {
            while (await process.StandardError.ReadLineAsync() is { } line)
            {
                if (line.StartsWith(OurSentence, StringComparison.Ordinal))
                {
                    LogSentence(log, line[OurSentence.Length..]);
                }
            }
        }
        catch (Exception torn) when (torn is IOException or ObjectDisposedException)
        {
            // It has ended.
        }
    }

    [LoggerMessage(930, LogLevel.Error, "The back says: {Sentence}")]
    private static partial void LogSentence(ILogger log, string sentence);
}
