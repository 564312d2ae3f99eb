using Grpc.Net.Client;
using Client = PracticPro.Durable.Wire.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>A worker that still holds its connection and will never answer again.</summary>
public sealed class FrozenWorkerTests
{
    [Fact]
    public async Task A_worker_that_was_stopped_is_found_and_its_work_goes_to_others()
    {
        await using var served = await ServedFixture.StartAsync(serve: serve => serve.SilenceLimit = TimeSpan.FromSeconds(1));
        using var relay = new Relay(served.Address);
        using var channel = GrpcChannel.ForAddress(relay.Address);
        using var stopped = await RawWorker.ConnectAsync(new Client(channel), 1, 1, null);
        await served.StartInstanceAsync("any", "one");
        var lost = await stopped.NextAsync();

        relay.Freeze();
        using var other = await served.ConnectAsync();
        var again = await other.NextAsync();

        Assert.Equal("one", again.OrchestratorRequest.InstanceId);
        Assert.NotEqual(lost.CompletionToken, again.CompletionToken);
    }
}
