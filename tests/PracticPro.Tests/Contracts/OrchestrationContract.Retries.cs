using System.Collections.Concurrent;
using PracticPro.Durable;
using PracticPro.Tests.Durable;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task A_failed_activity_is_made_again_after_growing_delays_until_it_succeeds()
    {
        var calls = new Calls(untilSuccess: 3);
        await using var engine = await StartAsync(
            (context, input) => context.CallActivityAsync(Step, input, new RetryPolicy(TimeSpan.FromHours(1), 5, 2)),
            registry => registry.Activity(Step, calls.Take));
        calls.Clock = engine.Clock;
        await engine.StartAsync(Whole, One, 5);
        Assert.Equal(5, engine.Output(Whole, await engine.EndAsync(One, TimeSpan.FromMinutes(10))));
        var times = calls.Firsts();
        Assert.Equal(3, times.Count);
        Assert.True(times[1] - times[0] >= TimeSpan.FromHours(1) - Early);
        Assert.True(times[2] - times[1] >= TimeSpan.FromHours(2) - Early);
    }

    [Fact]
    public async Task Every_attempt_has_the_same_idempotency_key_and_its_own_number()
    {
        var calls = new Calls(untilSuccess: 3);
        await using var engine = await StartAsync(
            (context, input) => context.CallActivityAsync(Step, input, new RetryPolicy(TimeSpan.FromMinutes(1), 5)),
            registry => registry.Activity(Step, calls.Take));
        calls.Clock = engine.Clock;
        await engine.StartAsync(Whole, One, 5);
        await engine.EndAsync(One, TimeSpan.FromMinutes(1));
        Assert.Single(calls.All.Select(call => call.Key).Distinct());
        Assert.Equal([1, 2, 3], calls.All.Select(call => call.Attempt).Distinct());
    }

    [Fact]
    public async Task Different_calls_and_generations_have_different_keys()
    {
        var calls = new Calls(untilSuccess: 1);
        await using var engine = await StartAsync(
            async (context, round) =>
            {
                await context.CallActivityAsync(Step, 1);
                await context.CallActivityAsync(Step, 1);
                if (round < 3)
                {
                    context.ContinueAsNew(round + 1);
                }

                return round;
            },
            registry => registry.Activity(Step, calls.Take));
        calls.Clock = engine.Clock;
        await engine.RunAsync(Whole, 1);
        Assert.Equal(6, calls.All.Select(call => call.Key).Distinct().Count());
    }

    [Fact]
    public async Task The_last_attempt_that_fails_fails_the_call()
    {
        var calls = new Calls(untilSuccess: 99);
        await using var engine = await StartAsync(
            (context, input) => Caught(
                context.CallActivityAsync(Step, input, new RetryPolicy(TimeSpan.FromMinutes(1), 3))),
            registry => registry.Activity(Step, calls.Take));
        calls.Clock = engine.Clock;
        await engine.StartAsync(Told, One, 5);
        var end = await engine.EndAsync(One, TimeSpan.FromMinutes(1));
        Assert.Equal("busy PracticPro.Durable.StepFailedException False", engine.Output(Told, end));
        Assert.Equal(3, calls.All.Max(call => call.Attempt));
    }

    [Fact]
    public async Task A_policy_decides_by_the_failure_whether_another_attempt_is_made()
    {
        var policy = new RetryPolicy(TimeSpan.FromMinutes(1), 9) { Retries = failure => failure.Code == "busy-1" };
        await using var engine = await StartAsync(
            (context, input) => CodeOf(context.CallActivityAsync(Step, input, policy)),
            registry => registry.Activity(
                Step, (context, _) => throw new StepFailedException($"busy-{context.Attempt}")));
        await engine.StartAsync(Told, One, 5);
        Assert.Equal("busy-2", engine.Output(Told, await engine.EndAsync(One, TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public async Task No_attempt_is_made_after_the_retry_timeout()
    {
        var policy = new RetryPolicy(TimeSpan.FromHours(1), 99) { RetryTimeout = TimeSpan.FromHours(3) };
        var calls = new Calls(untilSuccess: 99);
        await using var engine = await StartAsync(
            (context, input) => CodeOf(context.CallActivityAsync(Step, input, policy)),
            registry => registry.Activity(Step, calls.Take));
        calls.Clock = engine.Clock;
        await engine.StartAsync(Told, One, 5);
        Assert.Equal("busy", engine.Output(Told, await engine.EndAsync(One, TimeSpan.FromMinutes(30))));
        Assert.InRange(calls.All.Max(call => call.Attempt), 3, 4);
    }

    [Fact]
    public async Task A_failure_that_another_attempt_cannot_help_is_not_retried()
    {
        await using var engine = await StartAsync(
            (context, input) => CodeOf(
                context.CallActivityAsync(Step, input, new RetryPolicy(TimeSpan.FromHours(1), 9))),
            registry => registry.Activity(Step, (_, _) => throw new StepFailedException("never", true)));
        Assert.Equal("never", await engine.RunAsync(Told, 5));
    }

    [Fact]
    public async Task An_activity_that_is_not_registered_fails_its_call_and_is_not_retried()
    {
        await using var engine = await StartAsync(async (context, input) =>
        {
            try
            {
                await context.CallActivityAsync(Step, input, new RetryPolicy(TimeSpan.FromHours(1), 9));
                return "done";
            }
            catch (TaskFailedException failed)
            {
                return $"{failed.Name} {failed.Failure.NonRetriable}";
            }
        });
        engine.Needs(Ability.FailUnknownActivities);
        Assert.Equal("step True", await engine.RunAsync(Told, 5));
    }

    [Fact]
    public async Task A_failed_sub_orchestration_is_made_again_as_another_instance()
    {
        var calls = new Calls(untilSuccess: 3);
        var children = new ConcurrentDictionary<string, bool>();
        await using var engine = await StartAsync(
            (context, input) => context.CallSubOrchestrationAsync(
                Child, input, Two, new RetryPolicy(TimeSpan.FromMinutes(1), 5)),
            registry => registry.Activity(Step, calls.Take).Code(Child, (context, input) =>
            {
                children.TryAdd(context.InstanceId.Text, true);
                return context.CallActivityAsync(Step, input);
            }));
        calls.Clock = engine.Clock;
        await engine.StartAsync(Whole, One, 5);
        Assert.Equal(5, engine.Output(Whole, await engine.EndAsync(One, TimeSpan.FromMinutes(1))));
        Assert.Equal(3, children.Count);
    }

    /// <summary>
    /// An activity that fails with <c>busy</c> until some number of different attempts was made. A second delivery of
    /// one attempt is answered as the first was.
    /// </summary>
    private sealed class Calls(int untilSuccess)
    {
        private readonly ConcurrentDictionary<(string Key, int Attempt), int> numbers = new();

        public FakeClock? Clock { get; set; }

        public ConcurrentQueue<(string Key, int Attempt, DateTimeOffset At)> All { get; } = new();

        public int Take(ActivityContext context, int input)
        {
            var call = (context.IdempotencyKey.Text, context.Attempt);
            All.Enqueue((call.Text, call.Attempt, Clock?.GetUtcNow() ?? default));
            lock (numbers)
            {
                var number = numbers.GetOrAdd(call, _ => numbers.Count + 1);
                return number >= untilSuccess ? input : throw new StepFailedException("busy");
            }
        }

        /// <summary>When each attempt came first, in order.</summary>
        public List<DateTimeOffset> Firsts() =>
            [.. All.GroupBy(call => (call.Key, call.Attempt)).Select(call => call.Min(one => one.At)).Order()];
    }
}
