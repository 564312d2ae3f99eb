using PracticPro.Durable;
using PracticPro.Tests.Durable;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task Continue_as_new_starts_over_with_the_new_input()
    {
        await using var engine = await StartAsync(
            async (context, number) =>
            {
                number = await context.CallActivityAsync(Lambdas.AddOne, number);
                if (number < 5)
                {
                    context.ContinueAsNew(number);
                }

                return number;
            },
            AddOne);
        Assert.Equal(5, await engine.RunAsync(Whole, 0));
    }

    [Fact]
    public async Task A_hundred_generations_of_one_instance_come_to_their_end()
    {
        await using var engine = await StartAsync((context, number) =>
        {
            if (number < 100)
            {
                context.ContinueAsNew(number + 1);
            }

            return Task.FromResult(number);
        });
        Assert.Equal(100, await engine.RunAsync(Whole, 0));
    }

    [Fact]
    public async Task Many_instances_continue_as_new_at_once_and_none_gets_stuck()
    {
        await using var engine = await StartAsync(
            async (context, number) =>
            {
                await context.CallActivityAsync(Lambdas.AddOne, number);
                await context.CreateTimer(TimeSpan.FromSeconds(1), Never);
                if (number < 5)
                {
                    context.ContinueAsNew(number + 1);
                }

                return number;
            },
            AddOne);
        var ids = Enumerable.Range(0, 20).Select(number => InstanceId.Parse($"i{number}")).ToList();
        await Task.WhenAll(ids.Select(id => engine.StartAsync(Whole, id, 0)));
        foreach (var id in ids)
        {
            Assert.Equal(5, engine.Output(Whole, await engine.EndAsync(id, TimeSpan.FromSeconds(1))));
        }
    }

    [Fact]
    public async Task Events_nobody_took_are_carried_into_the_next_generation()
    {
        await using var engine = await StartAsync(SumByGenerations);
        await engine.StartAsync(Whole, One, 0);
        for (var number = 1; number <= 50; number++)
        {
            await engine.RaiseAsync(One, Go, number, $"d{number}");
        }

        Assert.Equal(1_275, engine.Output(Whole, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task Events_of_many_instances_are_carried_and_each_comes_to_its_end()
    {
        await using var engine = await StartAsync(SumByGenerations);
        var ends = await Task.WhenAll(Enumerable.Range(0, 10).Select(async instance =>
        {
            var id = InstanceId.Parse($"r{instance}");
            await engine.StartAsync(Whole, id, 0);
            for (var number = 1; number <= 50; number++)
            {
                await engine.RaiseAsync(id, Go, number, $"d{number}");
            }

            return await engine.EndAsync(id);
        }));
        Assert.All(ends, end => Assert.Equal(1_275, engine.Output(Whole, end)));
    }

    [Fact]
    public async Task Events_that_come_while_a_generation_ends_reach_the_next()
    {
        await using var engine = await StartAsync(
            async (context, sum) =>
            {
                // The timer holds each generation open while events come that it does not take.
                sum += await context.WaitForExternalEvent(Go, Never);
                await context.CreateTimer(TimeSpan.FromSeconds(1), Never);
                if (sum < 210)
                {
                    context.ContinueAsNew(sum);
                }

                return sum;
            });
        await engine.StartAsync(Whole, One, 0);
        for (var number = 1; number <= 20; number++)
        {
            await engine.RaiseAsync(One, Go, number, $"d{number}");
            engine.Clock.Advance(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(210, engine.Output(Whole, await engine.EndAsync(One, TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public async Task Events_are_let_go_with_the_old_generation_when_the_code_says_so()
    {
        await using var engine = await StartAsync(async (context, generation) =>
        {
            context.SetCustomStatus($"generation-{generation}");
            await context.WaitForExternalEvent(Go, Never);
            if (generation == 1)
            {
                context.ContinueAsNew(2, preserveUnprocessedEvents: false);
                return "first";
            }

            return await context.WaitForExternalEvent(Word, Never);
        });
        await engine.StartAsync(Told, One, 1);
        await engine.ReachesAsync(One, "generation-1");
        await engine.RaiseAsync(One, Word, "old", "d1");
        await engine.IdleAsync();
        await engine.RaiseAsync(One, Go, 1, "d2");
        await engine.ReachesAsync(One, "generation-2");
        await engine.RaiseAsync(One, Go, 2, "d3");
        await engine.RaiseAsync(One, Word, "new", "d4");
        Assert.Equal("new", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_delivery_taken_in_an_earlier_generation_is_not_taken_again()
    {
        await using var engine = await StartAsync(async (context, sum) =>
        {
            context.SetCustomStatus($"at-{sum}");
            sum += await context.WaitForExternalEvent(Go, Never);
            if (sum < 12)
            {
                context.ContinueAsNew(sum);
            }

            return sum;
        });
        await engine.StartAsync(Whole, One, 0);
        await engine.RaiseAsync(One, Go, 5, "d1");
        await engine.ReachesAsync(One, "at-5");
        Assert.Equal(RaiseOutcome.Raised, await engine.RaiseAsync(One, Go, 5, "d1"));
        await engine.RaiseAsync(One, Go, 1, "d2");
        await engine.ReachesAsync(One, "at-6");
        await engine.RaiseAsync(One, Go, 5, "d1");
        await engine.RaiseAsync(One, Go, 7, "d3");
        Assert.Equal(13, engine.Output(Whole, await engine.EndAsync(One)));
    }

    /// <summary>Ten generations of five events each, told apart by the sum of all before.</summary>
    private static async Task<int> SumByGenerations(OrchestrationContext context, int sum)
    {
        for (var number = 0; number < 5; number++)
        {
            sum += await context.WaitForExternalEvent(Go, Never);
        }

        if (sum < 1_275)
        {
            context.ContinueAsNew(sum);
        }

        return sum;
    }
}
