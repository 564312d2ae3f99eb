namespace PracticPro.FunctionsHost;

/// <summary>What happens to the host, for who watches it: its log, its figures, and the news that it must end.</summary>
internal sealed class HostEvents(TextWriter? log, Action<string>? announce = null)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _handlers = [];

    public HostStatistics Statistics { get; } = new();

    /// <summary>Why the host gave up; completes when it does.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Process ids of all handlers so far, in order.</summary>
    public IReadOnlyList<int> Handlers
    {
        get
        {
            lock (_gate)
            {
                return [.. _handlers];
            }
        }
    }

    public void HandlerStarted(int process)
    {
        lock (_gate)
        {
            _handlers.Add(process);
        }

        Statistics.Count(Figure.HandlerStarts);
        announce?.Invoke($"handler {process} started");
        Write($"handler {process} started");
    }

    public void HandlerReady(int process) => Write($"handler {process} answers");

    public void HandlerEnded(int process, int code) => Write($"handler {process} ended with {code}");

    /// <summary>A line the handler printed; null at the end of its output.</summary>
    public void HandlerWrote(string? line)
    {
        if (line is not null)
        {
            Write($"handler: {line}");
        }
    }

    public void EndHost(string reason)
    {
        Write(reason);
        _ended.TrySetResult(reason);
    }

    public void Write(string line)
    {
        if (log is not null)
        {
            lock (_gate)
            {
                log.WriteLine(line);
                log.Flush();
            }
        }
    }
}
