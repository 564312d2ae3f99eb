using System.Globalization;
using PracticPro.Durable;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Simulation.Hub;

namespace PracticPro.Simulation.Workers;

/// <summary>
/// Asks for the whole workload over gRPC and waits for its end, trying again whatever a kill has cut short: every call
/// bears being made twice.
/// </summary>
internal sealed class WorkersClient : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly GrpcHubChannel channel;
    private readonly RemoteHub hub;

    public WorkersClient(int port)
    {
        channel = new GrpcHubChannel(new Uri($"http://127.0.0.1:{port}"), PlatformDoor.Loopback());
        hub = new RemoteHub(channel, WireDialect.Plain, TimeProvider.System, TimeSpan.FromSeconds(5));
    }

    public Task DriveAsync(int shares, CancellationToken cancellation) =>
        Task.WhenAll(HubWorkload.Expected(0, shares).Select(expected => DriveAsync(expected, cancellation)));

    public void Dispose() => channel.Dispose();

    private async Task DriveAsync(Expectation expected, CancellationToken cancellation)
    {
        var start = new StartRequest(expected.Name, expected.Instance, HubWorkload.InputOf(expected));
        await AgainAsync(() => hub.StartAsync(start, cancellation), cancellation);
        for (var number = 1; expected.Name == "events" && number <= HubWorkload.EventsEach; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            var raise = new RaiseRequest(expected.Instance, HubWorkload.Go.Text, text, DeliveryId.Parse($"go-{text}"));
            await AgainAsync(() => hub.RaiseEventAsync(raise, cancellation), cancellation);
        }

        while (await AgainAsync(() => hub.WaitForCompletionAsync(expected.Instance, TimeSpan.FromSeconds(30), cancellation), cancellation) is null)
        {
        }
    }

    private static async Task<T> AgainAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (HubUnreachableException)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }
}
