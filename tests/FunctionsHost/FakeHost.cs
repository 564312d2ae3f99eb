using PracticPro.FunctionsHost.Faults;
using PracticPro.FunctionsHost.Front;
using PracticPro.FunctionsHost.Queues;

namespace PracticPro.FunctionsHost;

/// <summary>
/// A Functions host on loopback: an HTTP endpoint for callers, a queue service, and the life of a host behind them that
/// can be ended and begun again over the same storage.
/// </summary>
internal sealed class FakeHost : IAsyncDisposable
{
    private readonly FakeHostOptions _options;
    private readonly InFlight _inFlight = new();
    private readonly HostEvents _events;
    private readonly QueueService _queues;
    private HttpFront? _front;
    private JobHost? _jobs;

    private FakeHost(FakeHostOptions options, FakeStorage storage, HostEvents events, QueueService queues)
    {
        _options = options;
        _events = events;
        _queues = queues;
        Storage = storage;
    }

    /// <summary>Where callers of HTTP functions go.</summary>
    public Uri Address => _front!.Address;

    /// <summary>Where Durable clients go; another port after every restart.</summary>
    public Uri GrpcAddress => Jobs!.GrpcAddress;

    /// <summary>The connection string of the queue service, as the handler gets it.</summary>
    public string StorageConnection => QueueAddress.ConnectionString(_queues.Address);

    public FakeStorage Storage { get; }

    public FakeHostOptions Options => _options;

    public FaultPlan Faults => _options.Faults;

    public HostStatistics Statistics => _events.Statistics;

    /// <summary>Process ids of all handlers so far, in order.</summary>
    public IReadOnlyList<int> Handlers => _events.Handlers;

    /// <summary>Completes when the host gives up, with the reason. It stays there until it is disposed.</summary>
    public Task<string> Ended => _events.Ended;

    /// <summary>The host's present life; null while it is stopped.</summary>
    public JobHost? Jobs => _jobs;

    public InFlight InFlight => _inFlight;

    /// <summary>Starts and returns when the endpoints answer; the handler may still be starting.</summary>
    public static async Task<FakeHost> StartAsync(FakeHostOptions options, CancellationToken cancellation)
    {
        var storage = options.Storage ?? new FakeStorage(options.Clock, options.Seed);
        var events = new HostEvents(options.Log, options.Announce);
        var host = new FakeHost(options, storage, events, await QueueService.StartAsync(storage.Queues, cancellation));
        host._front = await HttpFront.StartAsync(host, options.Port, cancellation);
        await host.BeginAsync(cancellation);
        _ = host.GiveUpAsync();
        return host;
    }

    /// <summary>Completes when nothing runs and nothing is ready; what is due later does not count.</summary>
    public Task WhenIdleAsync(CancellationToken cancellation) => _inFlight.WhenIdleAsync(cancellation);

    /// <summary>Holds turns back, or lets go all that has piled up.</summary>
    public void HoldTurns(bool hold)
    {
        Faults.HoldsTurns = hold;
        lock (Storage.Hub.Gate)
        {
            Storage.Hub.Changed();
        }
    }

    /// <summary>SIGKILL to the handler, out of nowhere. It counts as an error.</summary>
    public Task KillHandlerAsync() => Jobs?.Invoker.Handler.KillAsync() ?? Task.CompletedTask;

    /// <summary>Ends the host's life as SIGTERM does: nothing in flight is failed, all of it runs again later.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _jobs, null) is { } jobs)
        {
            await jobs.DisposeAsync();
        }
    }

    /// <summary>The next life over the same storage: a new handler, a new gRPC port.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        await StopAsync();
        await BeginAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _front!.DisposeAsync();
        await _queues.DisposeAsync();
    }

    // A host that gives up ends whole: nothing listens any more.
    private async Task GiveUpAsync()
    {
        await Ended;
        await StopAsync();
        await _front!.DisposeAsync();
    }

    private async Task BeginAsync(CancellationToken cancellation) => _jobs = await JobHost.StartAsync(
        _options, Storage, _events, _inFlight, _queues.Address, () => Address.Authority, cancellation);
}
