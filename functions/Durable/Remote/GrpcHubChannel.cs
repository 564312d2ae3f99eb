using Grpc.Net.Client;
using Client = PracticPro.Durable.Wire.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace PracticPro.Durable.Remote;

/// <summary>A channel to one address that does not change.</summary>
internal sealed class GrpcHubChannel : IHubChannel, IDisposable
{
    private readonly GrpcChannel channel;

    /// <param name="handler">What may be reached is this handler's to say (the egress room makes it). Ended with this.</param>
    public GrpcHubChannel(Uri address, HttpMessageHandler handler)
    {
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,

            // A history of 20 MB is one message; the library's own limit is 4 MB.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        Client = new Client(channel);
    }

    public Client Client { get; }

    public void Dispose() => channel.Dispose();
}
