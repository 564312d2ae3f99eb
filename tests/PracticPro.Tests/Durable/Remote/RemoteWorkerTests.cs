using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Tests.Durable.Serve;
using PracticPro.Tests.Support;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Remote;

/// <summary>Our own worker on a hub that another process could serve.</summary>
public sealed class RemoteWorkerTests
{
    private static readonly OrchestrationName<int, int> Three = new("three");

    [Fact]
    public async Task A_worker_takes_turns_and_activities_and_its_client_gets_the_output()
    {
        await using var served = await ServedFixture.StartAsync();
        await using var worker = new Working(served, Registry());
        var client = Client(worker);

        await client.StartAsync(Three, InstanceId.Parse("one"), 1, ServedFixture.Cancellation);
        var end = await client.WaitForCompletionAsync(InstanceId.Parse("one"), TimeSpan.FromDays(1), ServedFixture.Cancellation);

        Assert.Equal(4, HubClient.OutputOf(Three, end!));
    }

    [Fact]
    public async Task A_worker_is_given_only_what_it_has_code_for()
    {
        await using var served = await ServedFixture.StartAsync();
        await using var worker = new Working(served, Registry());
        var client = Client(worker);
        await served.StartInstanceAsync("unknown", "waits");

        await client.StartAsync(Three, InstanceId.Parse("one"), 1, ServedFixture.Cancellation);
        await client.WaitForCompletionAsync(InstanceId.Parse("one"), TimeSpan.FromDays(1), ServedFixture.Cancellation);

        Assert.Equal(Wire.RuntimeStatus.Pending, (await served.StateAsync("waits")).OrchestrationStatus);
    }

    [Fact]
    public async Task A_failure_of_an_activity_keeps_its_code_and_tells_no_text()
    {
        ActivityName<int, int> breaks = new("breaks");
        await using var served = await ServedFixture.StartAsync();
        await using var worker = new Working(served, new DurableRegistry()
            .Activity(breaks, (_, _) => throw new StepFailedException("mailbox-gone", nonRetriable: true))
            .Code(Three, (context, number) => context.CallActivityAsync(breaks, number)));
        var client = Client(worker);

        await client.StartAsync(Three, InstanceId.Parse("one"), 1, ServedFixture.Cancellation);
        var end = await client.WaitForCompletionAsync(InstanceId.Parse("one"), TimeSpan.FromDays(1), ServedFixture.Cancellation);

        Assert.Equal(OrchestrationStatus.Failed, end!.Status);
        Assert.Equal("mailbox-gone", end.Failure!.Inner!.Code);
        Assert.True(end.Failure.Inner.NonRetriable);
    }

    [Fact]
    public async Task What_a_stopped_worker_left_is_done_by_the_next_under_the_same_key()
    {
        ActivityName<int, string> slow = new("slow");
        OrchestrationName<int, string> asks = new("asks");
        var reached = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var served = await ServedFixture.StartAsync();
        var first = new Working(served, new DurableRegistry()
            .Code(asks, (context, number) => context.CallActivityAsync(slow, number))
            .Activity(slow, async (context, _, cancellation) =>
            {
                reached.SetResult(context.IdempotencyKey.Text);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                return "";
            }));
        await Client(first).StartAsync(asks, InstanceId.Parse("one"), 1, ServedFixture.Cancellation);
        var key = await reached.Task.WaitAsync(ServedFixture.Cancellation);
        await first.DisposeAsync();

        await using var second = new Working(served, new DurableRegistry()
            .Code(asks, (context, number) => context.CallActivityAsync(slow, number))
            .Activity(slow, (context, _) => context.IdempotencyKey.Text));
        var end = await Client(second).WaitForCompletionAsync(InstanceId.Parse("one"), TimeSpan.FromDays(1), ServedFixture.Cancellation);

        Assert.Equal(key, HubClient.OutputOf(asks, end!));
    }

    private static HubClient Client(Working worker) => new(
        new RemoteHub(worker.Channel, WireDialect.Plain, TimeProvider.System, TimeSpan.FromSeconds(30)));

    private static DurableRegistry Registry() => new DurableRegistry().WithAddOne().Code(Three, async (context, number) =>
    {
        for (var step = 0; step < 3; step++)
        {
            number = await context.CallActivityAsync(Lambdas.AddOne, number);
        }

        return number;
    });

    /// <summary>A worker that runs as long as this object lives.</summary>
    private sealed class Working : IAsyncDisposable
    {
        private readonly CancellationTokenSource end = new();
        private readonly Task running;

        public Working(ServedFixture served, DurableRegistry registry)
        {
            Channel = new GrpcHubChannel(served.Address, PlatformDoor.Loopback());
            var services = new ServiceCollection().BuildServiceProvider();
            running = new RemoteWorker(
                Channel,
                registry,
                new ActivityRunner(registry, services, NullLogger.Instance),
                NullLoggerFactory.Instance,
                new FakeClock(),
                new RemoteWorkerOptions()).RunAsync(end.Token);
        }

        public GrpcHubChannel Channel { get; }

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await running;
            Channel.Dispose();
            end.Dispose();
        }
    }
}
