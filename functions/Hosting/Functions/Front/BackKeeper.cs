namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Keeps a back running: starts it, starts it again when it ends, kills one that does not answer. Each start after a
/// short life waits longer, up to half a minute.
/// </summary>
internal sealed partial class BackKeeper(
    BackCommand command, TextWriter output, HttpMessageInvoker invoker, TimeProvider time, ILogger<BackKeeper> log)
    : BackgroundService, IBack
{
    private const int MostMisses = 3;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GoodLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(8);

    private volatile TaskCompletionSource<BackAddresses> ready = NotReady();

    public async ValueTask<BackAddresses?> ReadyAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var now = ready.Task;
        if (now.IsCompletedSuccessfully)
        {
            return await now;
        }

        try
        {
            return await now.WaitAsync(patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = FirstWait;
        while (!stoppingToken.IsCancellationRequested)
        {
            var since = time.GetTimestamp();
            await LiveAsync(stoppingToken);
            wait = time.GetElapsedTime(since) >= GoodLife ? FirstWait : wait;
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    /// <summary>One life, from start to end.</summary>
    private async Task LiveAsync(CancellationToken stopping)
    {
        try
        {
            using var back = BackProcess.Start(command, output, log);
            using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var ended = EndAsync(back, stopping);
            var watched = WatchAsync(back, life.Token);
            await ended;
            ready = NotReady();
            await life.CancelAsync();
            await watched;
            if (!stopping.IsCancellationRequested)
            {
                LogEnded(log, back.Id, back.ExitCode);
            }
        }
        catch (Exception trouble) when (trouble is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            LogNotStarted(log, trouble.GetType().Name);
        }
    }

    /// <summary>Returns when it is gone, by itself or because this program ends.</summary>
    private async Task EndAsync(BackProcess back, CancellationToken stopping)
    {
        try
        {
            await back.EndedAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            back.AskToEnd();
            using var patience = new CancellationTokenSource(EndPatience, time);
            await back.EndedAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            back.Kill();
            await back.EndedAsync(CancellationToken.None);
        }
    }

    private async Task WatchAsync(BackProcess back, CancellationToken life)
    {
        try
        {
            if (await back.ListeningAsync(life) is not { } addresses)
            {
                return;
            }

            ready.TrySetResult(addresses);
            LogReady(log, back.Id);
            for (var misses = 0; misses < MostMisses;)
            {
                await Task.Delay(BetweenLooks, time, life);
                misses = await AnswersAsync(addresses.Calls, life) ? 0 : misses + 1;
            }

            LogSilent(log, back.Id);
            back.Kill();
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    private async Task<bool> AnswersAsync(Uri address, CancellationToken life)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(life);
        using var ends = new CancellationTokenSource(LookLimit, time);
        await using var link = ends.Token.Register(limit.Cancel);
        try
        {
            using var look = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = await invoker.SendAsync(look, limit.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static TaskCompletionSource<BackAddresses> NotReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(931, LogLevel.Information, "The back, process {Process}, is ready.")]
    private static partial void LogReady(ILogger log, int process);

    [LoggerMessage(932, LogLevel.Error, "The back, process {Process}, ended with {ExitCode}; it is started again.")]
    private static partial void LogEnded(ILogger log, int process, int exitCode);

    [LoggerMessage(933, LogLevel.Error, "The back could not be started: {Type}.")]
    private static partial void LogNotStarted(ILogger log, string type);

    [LoggerMessage(934, LogLevel.Error, "The back, process {Process}, does not answer and is killed.")]
    private static partial void LogSilent(ILogger log, int process);
}
