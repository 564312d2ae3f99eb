using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace PracticPro.Interop;

/// <summary>What workflows are made of, run by Microsoft's worker out of our hub.</summary>
public sealed class PatternTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task An_orchestration_of_three_activities_in_a_row_gives_its_output()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<int, int>("row", async (context, number) =>
            {
                for (var step = 0; step < 3; step++)
                {
                    number = await context.CallActivityAsync<int>("add-one", number);
                }

                return number;
            })
            .AddActivityFunc<int, int>("add-one", (_, number) => number + 1));

        var end = await stranger.RunAsync("row", 1);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("4", end.SerializedOutput);
        Assert.Equal("1", end.SerializedInput);
    }

    [Fact]
    public async Task A_fan_out_of_fifty_comes_back_whole_and_in_order()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, int[]>("fan", async (context, _) =>
                await Task.WhenAll(Enumerable.Range(0, 50).Select(number => context.CallActivityAsync<int>("twice", number))))
            .AddActivityFunc<int, int>("twice", (_, number) => 2 * number));

        var end = await stranger.RunAsync("fan");

        Assert.Equal(Enumerable.Range(0, 50).Select(number => 2 * number), end.ReadOutputAs<int[]>());
    }

    [Fact]
    public async Task A_timer_fires_not_before_its_time()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, TimeSpan>("sleep", async (context, _) =>
            {
                var before = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
                return context.CurrentUtcDateTime - before;
            }));

        var end = await stranger.RunAsync("sleep");

        Assert.True(end.ReadOutputAs<TimeSpan>() >= TimeSpan.FromMilliseconds(299));
    }

    [Fact]
    public async Task A_sub_orchestration_answers_its_parent_and_knows_it()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<int, string>("parent", async (context, number) =>
                await context.CallSubOrchestratorAsync<string>("child", number + 1))
            .AddOrchestratorFunc<int, string>("child", (context, number) =>
                Task.FromResult($"{context.Parent!.Name} {number}")));

        var end = await stranger.RunAsync("parent", 1);

        Assert.Equal("parent 2", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Continuing_as_new_goes_on_until_it_is_done_and_keeps_the_instance()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<int, int>("rounds", async (context, round) =>
            {
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                if (round < 5)
                {
                    context.ContinueAsNew(round + 1);
                }

                return round;
            }));

        var end = await stranger.RunAsync("rounds", 0);

        Assert.Equal(5, end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Events_nobody_has_taken_are_there_after_continuing_as_new()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<int, int>("collect", async (context, sum) =>
            {
                sum += await context.WaitForExternalEvent<int>("number");
                if (sum < 15)
                {
                    context.ContinueAsNew(sum, preserveUnprocessedEvents: true);
                }

                return sum;
            }));
        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync("collect", 0, Stranger.Patience);

        for (var number = 1; number <= 5; number++)
        {
            await stranger.Client.RaiseEventAsync(id, "number", number, Stranger.Cancellation);
        }

        Assert.Equal(15, (await stranger.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Events_wait_for_the_one_who_asks_and_names_are_compared_without_case()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, string>("listen", async (context, _) =>
            {
                await context.WaitForExternalEvent<string>("go");
                var (one, other) = (context.WaitForExternalEvent<string>("ONE"), context.WaitForExternalEvent<string>("other"));
                return string.Join(' ', await Task.WhenAll(one, other));
            }));
        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync("listen", Stranger.Patience);

        await stranger.Client.RaiseEventAsync(id, "other", "b", Stranger.Cancellation);
        await stranger.Client.RaiseEventAsync(id, "one", "a", Stranger.Cancellation);
        await stranger.Client.RaiseEventAsync(id, "go", "now", Stranger.Cancellation);

        Assert.Equal("a b", (await stranger.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_custom_status_is_seen_while_it_runs()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, bool>("status", async (context, _) =>
            {
                context.SetCustomStatus(new { step = 1 });
                return await context.WaitForExternalEvent<bool>("go");
            }));
        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync("status", Stranger.Patience);

        var running = await stranger.Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true, Stranger.Patience);
        await stranger.Client.RaiseEventAsync(id, "go", true, Stranger.Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Running, running.RuntimeStatus);
        Assert.Equal("""{"step":1}""", running.SerializedCustomStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await stranger.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Versions_and_tags_reach_the_code_and_come_back()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, string>("versioned", (context, _) => Task.FromResult(context.Version)));
        var options = new StartOrchestrationOptions
        {
            Version = "2.1",
            Tags = new Dictionary<string, string> { ["team"] = "care" },
        };

        var end = await stranger.RunAsync("versioned", options: options);

        Assert.Equal("2.1", end.ReadOutputAs<string>());
        Assert.Equal("care", end.Tags["team"]);
    }

    [Fact]
    public async Task An_instance_can_be_started_for_later()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, DateTime>("later", (context, _) => Task.FromResult(context.CurrentUtcDateTime)));
        var due = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1);

        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync(
            "later", null, new StartOrchestrationOptions(null, due), Stranger.Patience);
        var before = await stranger.Client.GetInstanceAsync(id, Stranger.Patience);
        var end = await stranger.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Pending, before!.RuntimeStatus);
        Assert.True(end.ReadOutputAs<DateTime>().ToUniversalTime() >= due.UtcDateTime - TimeSpan.FromMilliseconds(5));
    }
}
