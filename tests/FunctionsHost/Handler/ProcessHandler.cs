using System.Diagnostics;

namespace PracticPro.FunctionsHost.Handler;

/// <summary>
/// The handler as a process: started, asked until it answers, watched, started again as <see cref="ExitPolicy"/> says,
/// and ended with SIGKILL. It never gets a signal that it could act on.
/// </summary>
internal sealed class ProcessHandler : IHandler
{
    private readonly Lock _gate = new();
    private readonly StartCommand _command;
    private readonly ExitPolicy _policy;
    private readonly Dice _dice;
    private readonly HostEvents _events;
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource<HandlerLife> _ready = Fresh();
    private Process? _process;
    private Task _starting = Task.CompletedTask;

    public ProcessHandler(StartCommand command, Dice dice, HostEvents events)
    {
        _command = command;
        _dice = dice;
        _events = events;
        _policy = new ExitPolicy(TimeProvider.System);
        Begin();
    }

    /// <summary>The process that runs now, or the last that ran.</summary>
    public int? ProcessId { get; private set; }

    public Task<HandlerLife> ReadyAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _ready.Task.WaitAsync(cancellation);
        }
    }

    public async Task KillAsync()
    {
        Process? process;
        lock (_gate)
        {
            process = _process;
        }

        if (process is not null)
        {
            await EndAsync(process);
        }
    }

    public async Task RestartAsync(CancellationToken cancellation)
    {
        Process? process;
        lock (_gate)
        {
            process = _process;
            _process = null;
            Renew();
        }

        if (process is not null)
        {
            await EndAsync(process);
        }

        Begin();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Process? process;
        lock (_gate)
        {
            process = _process;
            _process = null;
            _ready.TrySetCanceled();
        }

        if (process is not null)
        {
            await EndAsync(process);
        }

        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TaskCompletionSource<HandlerLife> Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Renew()
    {
        if (_ready.Task.IsCompleted)
        {
            _ready = Fresh();
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            Renew();
            var port = FreePort.Find();
            var process = Process.Start(_command.At(port, _dice.NextGuid()))!;
            _process = process;
            ProcessId = process.Id;
            _events.HandlerStarted(process.Id);
            process.OutputDataReceived += (_, line) => _events.HandlerWrote(line.Data);
            process.ErrorDataReceived += (_, line) => _events.HandlerWrote(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            _starting = WatchAsync(process, new Uri($"http://127.0.0.1:{port}/"));
        }
    }

    private async Task WatchAsync(Process process, Uri address)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var exit = process.WaitForExitAsync(CancellationToken.None);
        var poll = Readiness.WaitAsync(address, _command.App.Settings.InitializationTimeout, ended.Token);
        var wasReady = await Task.WhenAny(poll, exit) == poll && await poll;
        if (wasReady)
        {
            lock (_gate)
            {
                if (ReferenceEquals(_process, process))
                {
                    // A real process takes its connections with it: nobody has to be told.
                    _ready.TrySetResult(new HandlerLife(address, CancellationToken.None));
                    _events.HandlerReady(process.Id);
                }
            }
        }
        else if (!exit.IsCompleted && !_stopping.IsCancellationRequested)
        {
            _events.HandlerWrote("the handler did not answer in time");
            await EndAsync(process);
        }

        await exit;
        await ended.CancelAsync();
        AfterExit(process);
    }

    private void AfterExit(Process process)
    {
        ExitVerdict verdict;
        lock (_gate)
        {
            _events.HandlerEnded(process.Id, process.ExitCode);
            if (!ReferenceEquals(_process, process) || _stopping.IsCancellationRequested)
            {
                return;
            }

            verdict = _policy.Judge(process.ExitCode);
            if (verdict != ExitVerdict.StayDead)
            {
                _process = null;
                Renew();
            }
        }

        if (verdict == ExitVerdict.Restart)
        {
            Begin();
        }
        else if (verdict == ExitVerdict.EndHost)
        {
            _events.EndHost("Exceeded http worker restart retry count. Shutting down Functions Host");
        }
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }
}
