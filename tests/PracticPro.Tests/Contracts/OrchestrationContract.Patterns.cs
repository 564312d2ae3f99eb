using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Tests.Durable;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task An_orchestration_without_work_completes_with_its_output()
    {
        await using var engine = await StartAsync((_, input) => Task.FromResult(input + 1));
        Assert.Equal(8, await engine.RunAsync(Whole, 7));
    }

    [Fact]
    public async Task An_activity_gives_its_output_to_the_code()
    {
        await using var engine = await StartAsync(
            (context, input) => context.CallActivityAsync(Lambdas.AddOne, input), AddOne);
        Assert.Equal(6, await engine.RunAsync(Whole, 5));
    }

    [Fact]
    public async Task A_chain_of_activities_runs_one_after_another()
    {
        await using var engine = await StartAsync(
            async (context, number) =>
            {
                for (var step = 0; step < 10; step++)
                {
                    number = await context.CallActivityAsync(Lambdas.AddOne, number);
                }

                return number;
            },
            AddOne);
        Assert.Equal(10, await engine.RunAsync(Whole, 0));
    }

    [Fact]
    public async Task A_fan_out_gathers_the_answers_in_the_order_of_the_calls()
    {
        await using var engine = await StartAsync(
            async (context, width) => string.Join(',', await Task.WhenAll(
                Enumerable.Range(0, width).Select(number => context.CallActivityAsync(Lambdas.AddOne, number)))),
            AddOne);
        Assert.Equal("1,2,3,4,5,6,7,8,9,10", await engine.RunAsync(Told, 10));
    }

    [Fact]
    public async Task A_timer_ends_when_it_is_due_and_not_before()
    {
        await using var engine = await StartAsync(Wait(TimeSpan.FromHours(5)));
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.AdvanceAsync(TimeSpan.FromHours(5) - TimeSpan.FromMinutes(1));
        Assert.Equal(OrchestrationStatus.Running, (await engine.StatusAsync(One)).Status);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(OrchestrationStatus.Completed, (await engine.EndAsync(One)).Status);
    }

    [Fact]
    public async Task A_timer_in_the_past_ends_at_once()
    {
        await using var engine = await StartAsync(Wait(TimeSpan.FromHours(-1)));
        Assert.Equal(0, await engine.RunAsync(Whole, 0));
    }

    [Fact]
    public async Task A_timer_of_a_week_lasts_a_week()
    {
        await using var engine = await StartAsync(Wait(TimeSpan.FromDays(7)));
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        for (var hours = 0; hours < 6 * 24; hours += 12)
        {
            await engine.AdvanceAsync(TimeSpan.FromHours(12));
        }

        await engine.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.Equal(OrchestrationStatus.Running, (await engine.StatusAsync(One)).Status);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(OrchestrationStatus.Completed, (await engine.EndAsync(One)).Status);
    }

    [Fact]
    public async Task Concurrent_timers_each_end_at_their_own_time()
    {
        await using var engine = await StartAsync(async (context, count) =>
        {
            List<int> order = [];
            await Task.WhenAll(Enumerable.Range(1, count).Reverse().Select(async hours =>
            {
                await context.CreateTimer(TimeSpan.FromHours(hours), Never);
                order.Add(hours);
            }));
            return string.Join(',', order);
        });
        await engine.StartAsync(Told, One, 5);
        Assert.Equal("1,2,3,4,5", engine.Output(Told, await engine.EndAsync(One, TimeSpan.FromHours(1))));
    }

    [Fact]
    public async Task Many_timers_due_at_once_all_end()
    {
        await using var engine = await StartAsync(async (context, count) =>
        {
            await Task.WhenAll(
                Enumerable.Range(0, count).Select(_ => context.CreateTimer(TimeSpan.FromHours(1), Never)));
            return count;
        });
        await engine.StartAsync(Whole, One, 50);
        Assert.Equal(50, engine.Output(Whole, await engine.EndAsync(One, TimeSpan.FromHours(1))));
    }

    [Fact]
    public async Task A_sub_orchestration_runs_as_an_instance_of_its_own_and_answers()
    {
        await using var engine = await StartAsync(
            async (context, input) =>
                await context.CallSubOrchestrationAsync(Child, input, Two)
                + await context.CallSubOrchestrationAsync(Child, input),
            registry => AddOne(registry.Code(
                Child, (context, input) => context.CallActivityAsync(Lambdas.AddOne, input))));
        Assert.Equal(22, await engine.RunAsync(Whole, 10));
        var child = await engine.StatusAsync(Two);
        Assert.Equal((Child.Text, OrchestrationStatus.Completed, "11"), (child.Name, child.Status, child.Output));
    }

    [Fact]
    public async Task Many_sub_orchestrations_run_beside_one_another()
    {
        await using var engine = await StartAsync(
            async (context, width) => (await Task.WhenAll(Enumerable.Range(0, width)
                .Select(number => context.CallSubOrchestrationAsync(Child, number)))).Sum(),
            registry => AddOne(registry.Code(
                Child, (context, input) => context.CallActivityAsync(Lambdas.AddOne, input))));
        Assert.Equal(210, await engine.RunAsync(Whole, 20));
    }

    [Fact]
    public async Task A_custom_status_is_seen_from_outside_and_lasts_until_the_next()
    {
        await using var engine = await StartAsync(async (context, _) =>
        {
            context.SetCustomStatus("first");
            await context.WaitForExternalEvent(Go, Never);
            await context.WaitForExternalEvent(Go, Never);
            context.SetCustomStatus("last");
            return 0;
        });
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "first");
        await engine.RaiseAsync(One, Go, 1, "d1");
        await engine.IdleAsync();
        Assert.Equal("\"first\"", (await engine.StatusAsync(One)).CustomStatus);
        await engine.RaiseAsync(One, Go, 1, "d2");
        Assert.Equal("\"last\"", (await engine.EndAsync(One)).CustomStatus);
    }

    /// <summary>Half a second and a little: how much earlier than due an engine may say that a timer fired.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    private static void AddOne(DurableRegistry registry) => registry.WithAddOne();

    private static Func<OrchestrationContext, int, Task<int>> Wait(TimeSpan delay) => async (context, input) =>
    {
        context.SetCustomStatus("waiting");
        await context.CreateTimer(delay, Never);
        return input;
    };
}
