using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Faults;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Durable;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>
/// What the host does when it gets no good answer, and what is left of it once the watchdog and the carriers have run:
/// every workflow at its end, every record written, none written twice. The workflow asks its records what is done
/// (decision 0007), so a run that is begun again does only what is missing.
/// </summary>
public sealed class LostHandlerTests
{
    private const int Steps = 3;
    private const int Instances = 6;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);
    private static readonly TenantId Tenant = TenantId.Parse("practice-here");
    private static readonly OrchestrationName<int, int> Walk = new("walk");
    private static readonly ActivityName<int, bool> Post = new("post");
    private readonly ConcurrentDictionary<string, int> records = new();
    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> keys = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Losses => new()
    {
        { nameof(FaultKind.KillWhileRunning), 0 },
        { nameof(FaultKind.KillAfterAnswer), 0 },
        { nameof(FaultKind.Close), 0 },
        { nameof(FaultKind.Refuse), 0 },
        { nameof(FaultKind.Status), 500 },
        { nameof(FaultKind.Status), 503 },
        { nameof(FaultKind.Status), 413 },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    [InlineData(nameof(FaultKind.EmptyReturn), 0)]
    public Task A_lost_turn_fails_its_instance_and_the_watchdog_brings_it_to_its_end(string kind, int status) =>
        LosesATurn(ExtensionVersion.Three, Enum.Parse<FaultKind>(kind), status);

    [Theory]
    [MemberData(nameof(Losses))]
    [InlineData(nameof(FaultKind.EmptyReturn), 0)]
    public Task The_same_holds_under_the_second_extension(string kind, int status) =>
        LosesATurn(ExtensionVersion.Two, Enum.Parse<FaultKind>(kind), status);

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_lost_step_fails_nothing_and_is_delivered_again_under_its_key(string kind, int status)
    {
        await using var engine = await StartAsync(
            ExtensionVersion.Three, new FaultRule(Enum.Parse<FaultKind>(kind), Post.Text, Skip: 4, Times: 2, Status: status));
        await StartAllAsync(engine);
        if (kind.StartsWith("Kill", StringComparison.Ordinal))
        {
            // The kill takes turns of others with it.
            await MendAsync(engine);
        }
        else
        {
            await EndAsync(engine);
            Assert.All(await StatesAsync(engine), state => Assert.Equal(OrchestrationStatus.Completed, state.Status));
            Assert.All(keys.Values, ofOneStep => Assert.Single(ofOneStep.Distinct()));
        }

        AssertNothingIsLostOrRepeated();
    }

    [Fact]
    public async Task An_empty_answer_to_a_step_is_no_loss_but_a_failure_that_its_workflow_gets()
    {
        // A front of ours never gives one, so nobody may guess what it means.
        await using var engine = await StartAsync(ExtensionVersion.Three, new FaultRule(FaultKind.EmptyReturn, Post.Text));
        await StartAllAsync(engine);
        await EndAsync(engine);
        var failed = Assert.Single(await StatesAsync(engine), state => state.Status != OrchestrationStatus.Completed);
        Assert.Equal((OrchestrationStatus.Failed, FailureCodes.TaskFailed), (failed.Status, failed.Failure?.Code));
        Assert.False(HostFailure.IsOf(failed));
    }

    [Fact]
    public async Task A_turn_that_hangs_is_asked_again_after_its_time_and_fails_nothing()
    {
        await using var engine = await StartAsync(ExtensionVersion.Three, new FaultRule(FaultKind.Hang, Walk.Text));
        await engine.StartAsync(Walk, IdOf(0), Steps);
        await Deadline.UntilAsync(() => engine.Faults.Rules[0].Struck == 1, Cancellation);

        // The others are through before the handler is killed for it.
        await StartAllAsync(engine, from: 1);
        for (var number = 1; number < Instances; number++)
        {
            await engine.EndAsync(IdOf(number));
        }

        engine.Clock.Advance(Timeout);
        await EndAsync(engine);
        Assert.All(await StatesAsync(engine), state => Assert.Equal(OrchestrationStatus.Completed, state.Status));
        AssertNothingIsLostOrRepeated();
    }

    [Fact]
    public async Task A_step_that_exceeds_the_hosts_time_fails_an_innocent_turn_and_the_watchdog_mends_it()
    {
        await using var engine = await StartAsync(ExtensionVersion.Three, new FaultRule(FaultKind.Hang, Post.Text));
        await engine.StartAsync(Walk, IdOf(0), Steps);
        await Deadline.UntilAsync(() => engine.Faults.Rules[0].Struck == 1, Cancellation);
        engine.Clock.Advance(Timeout - TimeSpan.FromSeconds(10));

        // The other's turn is on its way when the time of the first is over.
        engine.Faults.Add(new FaultRule(FaultKind.Stall, Walk.Text, Wait: TimeSpan.FromSeconds(30)));
        await engine.StartAsync(Walk, IdOf(1), Steps);
        await Deadline.UntilAsync(() => engine.Faults.Rules[1].Struck == 1, Cancellation);
        await Deadline.MomentAsync(Cancellation);
        await Deadline.UntilAsync(
            () =>
            {
                engine.Clock.Advance(TimeSpan.FromSeconds(1));
                return engine.Kills == 1;
            },
            Cancellation);
        await Deadline.UntilAsync(
            async () =>
            {
                engine.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await engine.StatusAsync(IdOf(1))).Status.IsFinal();
            },
            TimeSpan.FromSeconds(60),
            Cancellation);
        var innocent = await engine.StatusAsync(IdOf(1));
        Assert.Equal(OrchestrationStatus.Failed, innocent.Status);
        Assert.True(HostFailure.IsOf(innocent));

        await StartAllAsync(engine, from: 2);
        await MendAsync(engine);
        AssertNothingIsLostOrRepeated();
    }

    [Fact]
    public async Task A_handler_that_is_gone_fails_every_instance_and_each_is_mended_when_it_is_back()
    {
        await using var engine = await StartAsync(ExtensionVersion.Three, new FaultRule(FaultKind.Refuse, Skip: 9, Times: 0));
        await StartAllAsync(engine);
        await EndAsync(engine);
        Assert.Contains(await StatesAsync(engine), state => state.Status == OrchestrationStatus.Failed);
        engine.Faults.Clear();
        await MendAsync(engine);
        AssertNothingIsLostOrRepeated();
    }

    [Fact]
    public async Task A_host_that_is_told_to_end_fails_nothing()
    {
        await using var engine = await StartAsync(ExtensionVersion.Three);
        await StartAllAsync(engine);
        await engine.RestartWorkerAsync();
        await EndAsync(engine);
        Assert.All(await StatesAsync(engine), state => Assert.Equal(OrchestrationStatus.Completed, state.Status));
        AssertNothingIsLostOrRepeated();
    }

    private async Task LosesATurn(ExtensionVersion extension, FaultKind kind, int status)
    {
        await using var engine = await StartAsync(extension, new FaultRule(kind, Walk.Text, Skip: 8, Status: status));
        await StartAllAsync(engine);
        await EndAsync(engine);
        var failed = (await StatesAsync(engine)).Where(state => state.Status != OrchestrationStatus.Completed).ToList();
        Assert.NotEmpty(failed);
        Assert.All(failed, state => Assert.True(HostFailure.IsOf(state), $"{state.Status} {state.Failure}"));
        await MendAsync(engine);
        AssertNothingIsLostOrRepeated();
    }

    private Task<HostedEngine> StartAsync(ExtensionVersion extension, params FaultRule[] rules) => HostedEngine.StartAsync(
        registry => registry
            .Activity(Post, (context, step) =>
            {
                // The record says whether it was done; what it stands for is done once, however often this is delivered.
                var name = $"{context.InstanceId}/{step}";
                keys.GetOrAdd(name, _ => []).Add(context.IdempotencyKey.Text);
                return records.TryAdd(name, 1);
            })
            .Code(Walk, async (context, steps) =>
            {
                for (var step = 0; step < steps; step++)
                {
                    await context.CallActivityAsync(Post, step);
                }

                return steps;
            }),
        extension,
        rules.Aggregate(new FaultPlan(), (plan, rule) => plan.Add(rule)),
        Timeout);

    private static async Task StartAllAsync(HostedEngine engine, int from = 0)
    {
        for (var number = from; number < Instances; number++)
        {
            await engine.StartAsync(Walk, IdOf(number), Steps);
        }
    }

    /// <summary>Lets time pass until every instance has ended, one way or another.</summary>
    private static async Task EndAsync(HostedEngine engine)
    {
        for (var minutes = 0; minutes < 600; minutes++)
        {
            await engine.IdleAsync();
            if ((await StatesAsync(engine)).All(state => state.Status.IsFinal()))
            {
                return;
            }

            engine.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        throw new TimeoutException("Not every instance has ended.");
    }

    /// <summary>The watchdog's minute, and the carriers', until every workflow has completed.</summary>
    private static async Task MendAsync(HostedEngine engine)
    {
        var storage = new MemoryStorage(engine.Clock);
        for (var round = 0; round < 4; round++)
        {
            await EndAsync(engine);
            if ((await StatesAsync(engine)).All(state => state.Status == OrchestrationStatus.Completed))
            {
                return;
            }

            await new MendFailedWorkflows(
                storage, new QueueBell(), engine.Registry, new FunctionsOptions(), engine.Clock, NullLogger<MendFailedWorkflows>.Instance)
                .RunAsync(engine.Hub, Cancellation);
            await OrderFunctions.CarryAsync(new OrderFunctions.Ring(Tenant), engine.Hub, storage, Cancellation);
        }

        Assert.All(await StatesAsync(engine), state => Assert.Equal(OrchestrationStatus.Completed, state.Status));
    }

    private static async Task<List<InstanceStatus>> StatesAsync(HostedEngine engine)
    {
        List<InstanceStatus> states = [];
        for (var number = 0; number < Instances; number++)
        {
            states.Add(await engine.StatusAsync(IdOf(number)));
        }

        return states;
    }

    private void AssertNothingIsLostOrRepeated()
    {
        Assert.Equal(Instances * Steps, records.Count);
        Assert.All(records, done => Assert.True(keys[done.Key].Count >= done.Value));
    }

    private static InstanceId IdOf(int number) => InstanceId.For(Tenant, $"walk-{number}");
}
