using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PracticPro.Durable;
using PracticPro.Durable.Serve;
using PracticPro.Tests.Support;
using Client = PracticPro.Durable.Wire.TaskHubSidecarService.TaskHubSidecarServiceClient;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>A hub with a fake clock, served on a free port of loopback, and a client of it.</summary>
internal sealed class ServedFixture : IAsyncDisposable
{
    private readonly HubServer server;
    private readonly GrpcChannel channel;

    private ServedFixture(ServedHub hub, HubServer server, FakeClock clock)
    {
        (Hub, this.server, Clock) = (hub, server, clock);
        channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        Client = new Client(channel);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ServedHub Hub { get; }

    public FakeClock Clock { get; }

    public Uri Address => server.Address;

    public Client Client { get; }

    /// <param name="log">Collects what is logged, when a test looks at it.</param>
    public static async Task<ServedFixture> StartAsync(
        Action<DurableOptions>? set = null,
        Action<ServeOptions>? serve = null,
        ILoggerProvider? log = null)
    {
        var clock = new FakeClock();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddLogging(logging =>
        {
            if (log is not null)
            {
                logging.AddProvider(log);
            }
        });
        var durable = new DurableOptions { LargestPayload = 16 << 20 };
        set?.Invoke(durable);
        var options = new ServeOptions();
        serve?.Invoke(options);
        var hub = ServedHub.Open(services.BuildServiceProvider(), durable, options);
        return new ServedFixture(hub, await HubServer.StartAsync(hub, 0, Cancellation), clock);
    }

    public Task<RawWorker> ConnectAsync(int turns = 10, int activities = 10, Wire.WorkItemFilters? filters = null) =>
        RawWorker.ConnectAsync(Client, turns, activities, filters);

    public async Task<string> StartInstanceAsync(string name, string id = "", string? input = null)
    {
        var request = new Wire.CreateInstanceRequest { Name = name, InstanceId = id, Input = input };
        return (await Client.StartInstanceAsync(request, cancellationToken: Cancellation)).InstanceId;
    }

    public async Task<Wire.InstanceState> StateAsync(string id)
    {
        var request = new Wire.GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true };
        return (await Client.GetInstanceAsync(request, cancellationToken: Cancellation)).OrchestrationState;
    }

    public static async Task MeetsAsync<T>(StatusCode status, AsyncUnaryCall<T> call) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await server.DisposeAsync();
    }
}
