namespace PracticPro.Interop;

/// <summary>The hub and the worker die in the middle, and what was begun is finished.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task A_hub_that_is_killed_loses_nothing_it_has_told()
    {
        await using var hub = await HubProcess.StartAsync();
        await using var stranger = await Stranger.ConnectAsync(hub, tasks => tasks
            .AddOrchestratorFunc<int, int>("long", async (context, number) =>
            {
                for (var step = 0; step < 20; step++)
                {
                    number = await context.CallActivityAsync<int>("add-one", number);
                }

                return number;
            })
            .AddActivityFunc<int, int>("add-one", async (_, number) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stranger.Cancellation);
                return number + 1;
            }));
        List<string> ids = [];
        for (var number = 0; number < 10; number++)
        {
            ids.Add(await stranger.Client.ScheduleNewOrchestrationInstanceAsync("long", number, Stranger.Patience));
        }

        await stranger.Client.WaitForInstanceStartAsync(ids[^1], Stranger.Patience);
        await hub.KillAsync();
        await hub.StartAgainAsync();

        for (var number = 0; number < 10; number++)
        {
            Assert.Equal(number + 20, (await stranger.EndAsync(ids[number])).ReadOutputAs<int>());
        }
    }

    [Fact]
    public async Task What_a_worker_left_undone_is_done_by_the_next()
    {
        await using var hub = await HubProcess.StartAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await Stranger.ConnectAsync(hub, tasks => tasks
            .AddOrchestratorFunc<object?, string>("handed-on", (context, _) => context.CallActivityAsync<string>("who"))
            .AddActivityFunc<object?, string>("who", async (_, _) =>
            {
                reached.SetResult();
                await Task.Delay(TimeSpan.FromMinutes(10), TimeProvider.System, Stranger.Cancellation);
                return "first";
            }));
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("handed-on", Stranger.Patience);
        await reached.Task.WaitAsync(Stranger.Patience);
        await first.DisposeAsync();

        await using var second = await Stranger.ConnectAsync(hub, tasks => tasks
            .AddOrchestratorFunc<object?, string>("handed-on", (context, _) => context.CallActivityAsync<string>("who"))
            .AddActivityFunc<object?, string>("who", (_, _) => "second"));

        Assert.Equal("second", (await second.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_hub_that_is_asked_to_end_ends_in_order_while_a_worker_is_connected()
    {
        await using var hub = await HubProcess.StartAsync();
        await using var stranger = await Stranger.ConnectAsync(hub, tasks => tasks
            .AddOrchestratorFunc<object?, int>("any", (_, _) => Task.FromResult(1)));
        await stranger.RunAsync("any");

        Assert.Equal(0, await hub.EndAsync());
    }
}
