using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Tests.Durable;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task An_event_reaches_the_code_that_waits_for_it()
    {
        await using var engine = await StartAsync((context, _) =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent(Word, Never);
        });
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Word, "yes", "d1");
        Assert.Equal("yes", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task An_event_is_taken_whatever_the_case_of_its_name()
    {
        await using var engine = await StartAsync((context, _) => context.WaitForExternalEvent(Word, Never));
        await engine.StartAsync(Told, One, 0);
        await engine.RaiseAsync(One, new EventName<string>("WORD"), "yes", "d1");
        Assert.Equal("yes", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task Events_of_many_names_are_waited_for_beside_one_another()
    {
        await using var engine = await StartAsync(async (context, count) => string.Join(',', await Task.WhenAll(
            Enumerable.Range(0, count)
                .Select(number => context.WaitForExternalEvent(new EventName<string>($"name-{number}"), Never)))));
        await engine.StartAsync(Told, One, 5);
        foreach (var number in new[] { 3, 0, 4, 1, 2 })
        {
            await engine.RaiseAsync(One, new EventName<string>($"Name-{number}"), $"v{number}", $"d{number}");
        }

        Assert.Equal("v0,v1,v2,v3,v4", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task An_event_that_comes_before_its_waiter_is_kept_for_it()
    {
        await using var engine = await StartAsync(
            async (context, _) =>
            {
                context.SetCustomStatus("waiting");
                await context.WaitForExternalEvent(Go, Never);
                await context.CallActivityAsync(Lambdas.AddOne, 1);
                return await context.WaitForExternalEvent(Word, Never);
            },
            AddOne);
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Word, "early", "d1");
        await engine.IdleAsync();
        await engine.RaiseAsync(One, Go, 0, "d2");
        Assert.Equal("early", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task Of_several_waiters_the_oldest_is_served_first()
    {
        await using var engine = await StartAsync(async (context, _) =>
        {
            var first = context.WaitForExternalEvent(Word, Never);
            var second = context.WaitForExternalEvent(Word, Never);
            var third = context.WaitForExternalEvent(Word, Never);
            context.SetCustomStatus("waiting");
            return $"{await first},{await second},{await third}";
        });
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await RaiseInTurnsAsync(engine, "a", "b", "c");
        Assert.Equal("a,b,c", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task Several_events_before_several_waiters_are_handed_out_oldest_first()
    {
        await using var engine = await StartAsync(async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEvent(Go, Never);
            var first = context.WaitForExternalEvent(Word, Never);
            var second = context.WaitForExternalEvent(Word, Never);
            return $"{await first},{await second},{await context.WaitForExternalEvent(Word, Never)}";
        });
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await RaiseInTurnsAsync(engine, "a", "b", "c");
        await engine.RaiseAsync(One, Go, 0, "go");
        Assert.Equal("a,b,c", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_cancelled_first_waiter_is_passed_over_and_the_second_has_the_event()
    {
        await using var engine = await StartAsync(
            async (context, _) =>
            {
                using var source = new CancellationTokenSource();
                var cancelled = context.WaitForExternalEvent(Word, source.Token);
                await context.CallActivityAsync(Lambdas.AddOne, 1);
                source.Cancel();
                var second = context.WaitForExternalEvent(Word, Never);
                context.SetCustomStatus("waiting");
                return $"{cancelled.IsCanceled},{await second}";
            },
            AddOne);
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Word, "a", "d1");
        Assert.Equal("True,a", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task An_event_in_time_wins_over_the_timeout_and_leaves_no_timer_open()
    {
        await using var engine = await StartAsync(EventOrTimeout);
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.AdvanceAsync(TimeSpan.FromMinutes(30));
        await engine.RaiseAsync(One, Word, "yes", "d1");
        Assert.Equal("event yes", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_wait_with_a_timeout_ends_by_the_clock_alone()
    {
        await using var engine = await StartAsync(EventOrTimeout);
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("timeout", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_cancellation_by_the_code_wins_over_event_and_timeout()
    {
        await using var engine = await StartAsync(
            async (context, _) =>
            {
                using var source = new CancellationTokenSource();
                var wait = context.WaitForExternalEvent(Word, TimeSpan.FromHours(1), source.Token);
                await context.CallActivityAsync(Lambdas.AddOne, 1);
                source.Cancel();
                return await HowItEnded(wait);
            },
            AddOne);
        Assert.Equal("cancelled", await engine.RunAsync(Told, 0));
    }

    [Fact]
    public async Task A_cancellation_by_another_event_wins_over_event_and_timeout()
    {
        await using var engine = await StartAsync(async (context, _) =>
        {
            using var source = new CancellationTokenSource();
            var wait = context.WaitForExternalEvent(Word, TimeSpan.FromHours(1), source.Token);
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEvent(Go, Never);
            source.Cancel();
            return await HowItEnded(wait);
        });
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Go, 0, "d1");
        Assert.Equal("cancelled", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task Events_that_race_with_timeouts_are_all_taken_once()
    {
        await using var engine = await StartAsync(async (context, count) =>
        {
            List<int> taken = [];
            while (taken.Count < count)
            {
                var next = await context.WaitForExternalEvent(Go, TimeSpan.FromSeconds(10), Never);
                if (next.Arrived)
                {
                    taken.Add(next.Value);
                }
            }

            return string.Join(',', taken.Order());
        });
        await engine.StartAsync(Told, One, 30);
        for (var number = 0; number < 30; number++)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(10));
            await engine.RaiseAsync(One, Go, number, $"d{number}");
        }

        var end = await engine.EndAsync(One, TimeSpan.FromSeconds(10));
        Assert.Equal(string.Join(',', Enumerable.Range(0, 30)), engine.Output(Told, end));
    }

    [Fact]
    public async Task A_flood_of_events_is_taken_and_none_is_lost()
    {
        await using var engine = await StartAsync(Sum);
        await engine.StartAsync(Whole, One, 200);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => engine.RaiseAsync(One, Go, number, $"d{number}")));
        Assert.Equal(19_900, engine.Output(Whole, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task An_event_with_the_same_delivery_id_is_taken_once()
    {
        await using var engine = await StartAsync(Sum);
        await engine.StartAsync(Whole, One, 2);
        Assert.Equal(RaiseOutcome.Raised, await engine.RaiseAsync(One, Go, 5, "d1"));
        Assert.Equal(RaiseOutcome.Raised, await engine.RaiseAsync(One, Go, 5, "d1"));
        await engine.RaiseAsync(One, Go, 7, "d2");
        Assert.Equal(12, engine.Output(Whole, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task An_orchestration_sends_events_to_another()
    {
        await using var engine = await StartAsync(registry => registry
            .Code(Told, (context, _) => context.WaitForExternalEvent(Word, Never))
            .Code(Whole, (context, input) =>
            {
                context.SendEvent(Two, Word, "hello");
                context.SendEvent(InstanceId.Parse("nobody"), Word, "hello");
                return Task.FromResult(input);
            }));
        await engine.StartAsync(Told, Two, 0);
        await engine.UntilAsync(Two, status => status.Status == OrchestrationStatus.Running);
        Assert.Equal(1, await engine.RunAsync(Whole, 1));
        Assert.Equal("hello", engine.Output(Told, await engine.EndAsync(Two)));
    }

    /// <summary>Each in a turn of its own, so that the order is not the engine's to choose.</summary>
    private static async Task RaiseInTurnsAsync(IEngineUnderTest engine, params string[] words)
    {
        foreach (var word in words)
        {
            await engine.RaiseAsync(One, Word, word, $"d-{word}");
            await engine.IdleAsync();
        }
    }

    private static async Task<int> Sum(OrchestrationContext context, int count)
    {
        var sum = 0;
        for (var number = 0; number < count; number++)
        {
            sum += await context.WaitForExternalEvent(Go, Never);
        }

        return sum;
    }

    private static Task<string> EventOrTimeout(OrchestrationContext context, int input)
    {
        context.SetCustomStatus("waiting");
        return HowItEnded(context.WaitForExternalEvent(Word, TimeSpan.FromHours(1), Never));
    }

    private static async Task<string> HowItEnded(Task<Awaited<string>> wait)
    {
        try
        {
            return await wait is { Arrived: true } taken ? $"event {taken.Value}" : "timeout";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }
}
