using Grpc.Core;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>A long history goes in chunks to those who can fetch it, and in one message to the others.</summary>
public sealed class HistoryStreamTests
{
    private const int Chunk = 1 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_history_reaches_every_worker(bool canFetch)
    {
        await using var served = await ServedFixture.StartAsync();
        var request = new Wire.GetWorkItemsRequest { MaxConcurrentOrchestrationWorkItems = 1, MaxConcurrentActivityWorkItems = 1 };
        if (canFetch)
        {
            request.Capabilities.Add(Wire.WorkerCapability.HistoryStreaming);
        }

        using var stream = served.Client.GetWorkItems(request, cancellationToken: ServedFixture.Cancellation);
        var id = await served.StartInstanceAsync("any");
        Wire.OrchestratorRequest turn = new();
        for (var step = 0; step < 21; step++)
        {
            var item = await NextAsync(stream);
            turn = item.OrchestratorRequest;
            await served.Client.CompleteOrchestratorTaskAsync(new() { CompletionToken = item.CompletionToken }, cancellationToken: ServedFixture.Cancellation);
            await served.Client.RaiseEventAsync(new() { InstanceId = id, Name = "grow", Input = $"\"{new string('x', Chunk)}\"" }, cancellationToken: ServedFixture.Cancellation);
        }

        Assert.Equal(canFetch, turn.RequiresHistoryStreaming);
        var fetched = new List<Wire.HistoryChunk>();
        using var history = served.Client.StreamInstanceHistory(new() { InstanceId = id, ForWorkItemProcessing = true }, cancellationToken: ServedFixture.Cancellation);
        await foreach (var chunk in history.ResponseStream.ReadAllAsync(ServedFixture.Cancellation))
        {
            fetched.Add(chunk);
        }

        var past = canFetch ? fetched.SelectMany(chunk => chunk.Events) : turn.PastEvents;
        Assert.InRange(past.Count(one => one.EventRaised is not null), 19, 20);
        Assert.All(fetched, chunk => Assert.True(chunk.Events.Count == 1 || chunk.CalculateSize() <= Chunk + 1024));
    }

    [Fact]
    public async Task The_history_of_nobody_is_not_found()
    {
        await using var served = await ServedFixture.StartAsync();
        using var history = served.Client.StreamInstanceHistory(new() { InstanceId = "nobody" }, cancellationToken: ServedFixture.Cancellation);

        var refused = await Assert.ThrowsAsync<RpcException>(() => history.ResponseStream.MoveNext(ServedFixture.Cancellation));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    private static async Task<Wire.WorkItem> NextAsync(AsyncServerStreamingCall<Wire.WorkItem> stream)
    {
        do
        {
            Assert.True(await stream.ResponseStream.MoveNext(ServedFixture.Cancellation));
        }
        while (stream.ResponseStream.Current.HealthPing is not null);
        return stream.ResponseStream.Current;
    }
}
