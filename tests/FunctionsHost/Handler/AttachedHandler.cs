namespace PracticPro.FunctionsHost.Handler;

/// <summary>
/// A handler that listens already, in this process or elsewhere; no process is started. Killing it cuts the calls in
/// flight and, where the test says how, puts another one in its place.
/// </summary>
/// <param name="address">Where it listens.</param>
/// <param name="restart">Ends it and starts the next one, giving the new address; null leaves it running.</param>
internal sealed class AttachedHandler(Uri address, Func<CancellationToken, Task<Uri>>? restart = null) : IHandler
{
    private readonly SemaphoreSlim _turn = new(1);
    private CancellationTokenSource _life = new();
    private Uri _address = address;

    /// <summary>How often it was ended and put in place again.</summary>
    public int Restarts { get; private set; }

    public async Task<HandlerLife> ReadyAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return new HandlerLife(_address, _life.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task KillAsync() => RestartAsync(CancellationToken.None);

    public async Task RestartAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await _life.CancelAsync();
            _life.Dispose();
            _life = new CancellationTokenSource();
            Restarts++;
            if (restart is not null)
            {
                _address = await restart(cancellation);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        _life.Dispose();
    }
}
