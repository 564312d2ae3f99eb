using System.Collections.Concurrent;
using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

public sealed class HubActivityTests
{
    private static readonly OrchestrationName<int, int> Caller = new("caller");
    private static readonly ActivityName<int, int> Work = new("work");
    private static readonly InstanceId One = InstanceId.Parse("one");

    [Fact]
    public async Task An_activity_that_is_not_registered_fails_without_a_retry()
    {
        await using var hub = TestHub.InMemory(registry => registry.Code(
            Caller,
            (context, input) => context.CallActivityAsync(Work, input, new RetryPolicy(TimeSpan.FromHours(1), 5))));
        await hub.Client.StartAsync(Caller, One, 1, TestHub.Cancellation);
        Assert.Equal("activity-not-registered", (await hub.EndAsync(One)).Failure?.Inner?.Code);
    }

    [Fact]
    public async Task An_activity_stopped_in_the_middle_is_delivered_again_under_the_same_key()
    {
        var keys = new ConcurrentQueue<string>();
        var begun = new TaskCompletionSource();
        var hold = true;
        await using var hub = TestHub.OnDisk(registry => registry
            .Activity(Work, async (context, input, cancellation) =>
            {
                keys.Enqueue($"{context.IdempotencyKey} {context.Attempt}");
                begun.TrySetResult();
                if (hold)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                }

                return input * 2;
            })
            .Code(Caller, (context, input) => context.CallActivityAsync(Work, input)));
        await hub.Client.StartAsync(Caller, One, 21, TestHub.Cancellation);
        await begun.Task;
        await hub.Hub.StopAsync(TestHub.Cancellation);
        hold = false;
        await hub.ReopenAsync();
        Assert.Equal("42", (await hub.EndAsync(One)).Output);
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task A_stop_leaves_an_activity_that_does_not_listen_to_the_next_start()
    {
        var release = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var hub = TestHub.OnDisk(
            registry => registry
                .Activity(Work, async (_, input, _) =>
                {
                    begun.TrySetResult();
                    await release.Task;
                    return input;
                })
                .Code(Caller, (context, input) => context.CallActivityAsync(Work, input)),
            options => options.StopGrace = TimeSpan.Zero);
        await hub.Client.StartAsync(Caller, One, 21, TestHub.Cancellation);
        await begun.Task;
        await hub.Hub.StopAsync(TestHub.Cancellation);
        release.SetResult();
        await hub.ReopenAsync();
        Assert.Equal("21", (await hub.EndAsync(One)).Output);
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_allowed()
    {
        var running = 0;
        var most = 0;
        await using var hub = TestHub.InMemory(
            registry => registry
                .Activity(Work, async (_, input, _) =>
                {
                    var now = Interlocked.Increment(ref running);
                    InterlockedMax(ref most, now);
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                    return input;
                })
                .Code(Caller, FanOutAsync),
            options => options.ConcurrentActivities = 3);
        Assert.Equal(500, await hub.RunAsync(Caller, 500));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task More_activities_than_memory_holds_are_all_done()
    {
        await using var hub = TestHub.OnDisk(
            registry => registry.Activity(Work, (_, input) => input).Code(Caller, FanOutAsync),
            options => options.ReadyActivities = 64);
        Assert.Equal(1_000, await hub.RunAsync(Caller, 1_000));
    }

    [Fact]
    public async Task A_terminated_instance_begins_no_further_activity()
    {
        var begun = 0;
        var first = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var hub = TestHub.InMemory(
            registry => registry
                .Activity(Work, async (_, input, _) =>
                {
                    Interlocked.Increment(ref begun);
                    first.TrySetResult();
                    await release.Task;
                    return input;
                })
                .Code(Caller, FanOutAsync),
            options => options.ConcurrentActivities = 1);
        await hub.Client.StartAsync(Caller, One, 10, TestHub.Cancellation);
        await first.Task;
        await hub.Client.TerminateAsync(One, "unwanted", false, TestHub.Cancellation);
        Assert.Equal(OrchestrationStatus.Terminated, (await hub.EndAsync(One)).Status);
        release.SetResult();
        await hub.IdleAsync();
        Assert.Equal(1, begun);
    }

    private static async Task<int> FanOutAsync(OrchestrationContext context, int width) =>
        (await Task.WhenAll(Enumerable.Repeat(1, width).Select(one => context.CallActivityAsync(Work, one)))).Sum();

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; seen < value; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
