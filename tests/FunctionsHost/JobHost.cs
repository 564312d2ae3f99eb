using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Handler;
using PracticPro.FunctionsHost.Payload;
using PracticPro.FunctionsHost.Queues;
using PracticPro.FunctionsHost.Rpc;
using PracticPro.FunctionsHost.Triggers;

namespace PracticPro.FunctionsHost;

/// <summary>
/// One life of the host: its handler, its Durable engine and gRPC endpoint, its listeners. Stopping it abandons what is
/// in flight, ends the handler with SIGKILL, and leaves the storage to the next one.
/// </summary>
internal sealed class JobHost : IAsyncDisposable
{
    public const string HostKey = "fake-host-key";

    private readonly CancellationTokenSource _stopping;
    private readonly HandlerCall _call;
    private readonly DurableEndpoint _endpoint;
    private readonly DurableEngine _engine;
    private readonly QueueTriggers _queues;
    private readonly TimerTriggers _timers;
    private readonly bool _ownsHandler;

    private JobHost(
        CancellationTokenSource stopping, Invoker invoker, Payloads payloads, HubCalls calls, DurableEndpoint endpoint,
        DurableEngine engine, QueueTriggers queues, TimerTriggers timers, bool ownsHandler)
    {
        _stopping = stopping;
        _call = invoker.Call;
        _endpoint = endpoint;
        _engine = engine;
        _queues = queues;
        _timers = timers;
        _ownsHandler = ownsHandler;
        Invoker = invoker;
        Payloads = payloads;
        Calls = calls;
    }

    public Invoker Invoker { get; }

    public Payloads Payloads { get; }

    /// <summary>What a Durable client may ask, without the wire in between.</summary>
    public HubCalls Calls { get; }

    public Uri GrpcAddress => _endpoint.Address;

    /// <param name="webAddress">Host and port of the host's HTTP endpoint, once it is known.</param>
    public static async Task<JobHost> StartAsync(
        FakeHostOptions options, FakeStorage storage, HostEvents events, InFlight inFlight, Uri queues, Func<string> webAddress,
        CancellationToken cancellation)
    {
        var stopping = new CancellationTokenSource();
        var dice = storage.Dice;
        var settings = new DurableSettings(options.App, options.Extension, options.RepeatsTurns);
        var handler = options.Handler ?? new ProcessHandler(Command(options, queues, webAddress), dice, events);
        var invoker = new Invoker(
            handler, new HandlerCall(), options.Faults, events, dice, options.Clock,
            options.FunctionTimeout ?? options.App.Settings.FunctionTimeout, stopping.Token);
        var calls = new HubCalls(storage.Hub, options.App.Settings, settings, invoker);
        var endpoint = await DurableEndpoint.StartAsync(calls, cancellation);
        var rpc = options.Extension == ExtensionVersion.Three
            ? endpoint.Address.GetLeftPart(UriPartial.Authority)
            : $"http://localhost:{endpoint.Address.Port}";
        var payloads = new Payloads(
            new PayloadSource(options.Clock, dice, options.App.Settings.HubName, () => rpc, webAddress, HostKey));
        var host = new JobHost(
            stopping, invoker, payloads, calls, endpoint,
            new DurableEngine(storage.Hub, settings, invoker, payloads, inFlight),
            new QueueTriggers(storage.Queues, options.App, invoker, payloads, inFlight),
            new TimerTriggers(storage, options.App, options.Settings, invoker, payloads, inFlight),
            ownsHandler: options.Handler is null);
        host.Begin();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _engine.Dispose();
        _queues.Dispose();
        _timers.Dispose();
        if (_ownsHandler)
        {
            await Invoker.Handler.DisposeAsync();
        }

        await _endpoint.DisposeAsync();
        _call.Dispose();
    }

    private static StartCommand Command(FakeHostOptions options, Uri queues, Func<string> webAddress)
    {
        var settings = new Dictionary<string, string>(options.Settings, StringComparer.Ordinal);
        settings.TryAdd("AzureWebJobsStorage", QueueAddress.ConnectionString(queues));
        settings.TryAdd("ASPNETCORE_URLS", $"http://{webAddress()}");
        settings.TryAdd("WEBSITE_HOSTNAME", webAddress());
        return new StartCommand(options.App, settings);
    }

    private void Begin()
    {
        _engine.Start();
        _queues.Start();
        _timers.Start();
    }
}
