using System.Text.Json;
using PracticPro.Durable;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Hosting.Functions.Payloads;
using Client = PracticPro.Durable.Wire.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>
/// The host's own workflow extension. Where it listens is said nowhere but in a durable client, and may be another place
/// next time; so it is learnt from each, and kept until another says otherwise. Only loopback is taken.
/// </summary>
internal sealed partial class ExtensionEngine(TimeProvider time, ILogger<ExtensionEngine> log) : IEngine, IHubChannel, IDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);
    private readonly Lock gate = new();
    private GrpcHubChannel? channel;
    private Uri? address;

    public Client Client => Volatile.Read(ref channel)?.Client ?? throw new HubUnreachableException("no call has said where");

    public IHub HubOf(PayloadValue client)
    {
        Learn(AddressIn(client));
        return new RemoteHub(this, WireDialect.Functions, time, LongestCall);
    }

    public void Dispose() => channel?.Dispose();

    private static Uri AddressIn(PayloadValue client)
    {
        try
        {
            var said = JsonSerializer.Deserialize<DurableClient>(client.Content ?? "null", Form)?.RpcBaseUrl;
            if (Uri.TryCreate(said, UriKind.Absolute, out var address)
                && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
            {
                return address;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new PayloadUnreadableException("durable-client-without-address");
    }

    private void Learn(Uri said)
    {
        lock (gate)
        {
            if (said == address)
            {
                return;
            }

            // The one before is left to the calls that are still on it: this happens when a host starts, not often.
            Volatile.Write(ref channel, new GrpcHubChannel(said, PlatformDoor.Loopback()));
            address = said;
        }

        LogLearnt(log, said.Port);
    }

    [LoggerMessage(941, LogLevel.Information, "The workflow engine listens on port {Port}.")]
    private static partial void LogLearnt(ILogger log, int port);

    private sealed record DurableClient(string? RpcBaseUrl);
}
