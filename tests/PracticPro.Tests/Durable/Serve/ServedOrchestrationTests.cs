using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Remote;
using PracticPro.Durable.Serve;
using PracticPro.Egress;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>The contract on a served hub: its worker and its client are somewhere else, over gRPC on loopback.</summary>
public sealed class ServedOrchestrationTests : OrchestrationContract
{
    private protected override async Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill) =>
        await ServedEngine.StartAsync(fill, workers: 1);
}

/// <summary>The contract on a served hub that two workers share.</summary>
public sealed class SharedOrchestrationTests : OrchestrationContract
{
    private protected override async Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill) =>
        await ServedEngine.StartAsync(fill, workers: 2);
}

/// <summary>
/// The hub on the test's clock; its workers on the real one, since what they wait for is the network and not a workflow.
/// </summary>
internal sealed class ServedEngine : IEngineUnderTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Of the test's clock, so that no step of a test is longer.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromDays(40);

    private readonly string folder = Directory.CreateTempSubdirectory("served-").FullName;
    private readonly DurableRegistry registry;
    private readonly int workers;
    private ServedHub? served;
    private HubServer? server;
    private GrpcHubChannel? channel;
    private RemoteHub? hub;
    private CancellationTokenSource? working;
    private Task work = Task.CompletedTask;

    private ServedEngine(DurableRegistry registry, int workers) => (this.registry, this.workers) = (registry, workers);

    public IHub Hub => hub!;

    public FakeClock Clock { get; } = new();

    public static async Task<ServedEngine> StartAsync(Action<DurableRegistry> fill, int workers)
    {
        var registry = new DurableRegistry();
        fill(registry);
        var engine = new ServedEngine(registry, workers);
        await engine.OpenAsync();
        return engine;
    }

    public string? Lacks(Ability ability) => ability == Ability.FailUnknownActivities
        ? "A served hub keeps what nobody has code for until somebody comes who has."
        : null;

    public Task IdleAsync() => served!.Hub.WhenIdleAsync(EngineMoves.Cancellation)
        .WaitAsync(Limit, TimeProvider.System, EngineMoves.Cancellation);

    public async Task RestartWorkerAsync()
    {
        await StopWorkersAsync();
        StartWorkers();
    }

    public async ValueTask DisposeAsync()
    {
        await StopWorkersAsync();
        channel?.Dispose();
        await server!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task OpenAsync()
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).BuildServiceProvider();

        // What travels is a payload in an envelope of ours, and the hub cannot tell the two apart.
        var options = new DurableOptions { Folder = folder, LargestPayload = 1 << 20 };
        served = ServedHub.Open(services, options, new ServeOptions());
        server = await HubServer.StartAsync(served, 0, EngineMoves.Cancellation);
        channel = new GrpcHubChannel(server.Address, PlatformDoor.Loopback());
        hub = new RemoteHub(channel, WireDialect.Plain, Clock, LongestCall);
        StartWorkers();
    }

    private void StartWorkers()
    {
        working = new CancellationTokenSource();
        work = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(working.Token)));
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var own = new GrpcHubChannel(server!.Address, PlatformDoor.Loopback());
        var worker = new RemoteWorker(
            own,
            registry,
            new ActivityRunner(registry, services, NullLogger.Instance),
            NullLoggerFactory.Instance,
            TimeProvider.System,
            new RemoteWorkerOptions { FirstWait = TimeSpan.FromMilliseconds(20) });
        await worker.RunAsync(stopping);
    }

    private async Task StopWorkersAsync()
    {
        await working!.CancelAsync();
        await work.WaitAsync(Limit, TimeProvider.System, CancellationToken.None);
        working.Dispose();
    }
}
