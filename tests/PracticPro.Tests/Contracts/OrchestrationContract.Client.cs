using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Kernel;
using PracticPro.Tests.Durable;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task An_instance_is_described_from_its_start_to_its_end()
    {
        await using var engine = await StartAsync((context, _) =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent(Word, Never);
        });
        var before = engine.Clock.GetUtcNow();
        await engine.StartAsync(Told, One, 7);
        var running = await engine.ReachesAsync(One, "waiting");
        Assert.Equal((One, Told.Text, OrchestrationStatus.Running), (running.Instance, running.Name, running.Status));
        Assert.Null(running.Output);
        Assert.Null(running.Failure);
        Assert.InRange(running.CreatedAt, before - Early, before + Early);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await engine.RaiseAsync(One, Word, "done", "d1");
        var end = await engine.EndAsync(One);
        Assert.Equal((OrchestrationStatus.Completed, "\"done\"", "\"waiting\""), (end.Status, end.Output, end.CustomStatus));
        Assert.Equal(running.CreatedAt, end.CreatedAt);
        Assert.InRange(end.UpdatedAt, before.AddHours(1) - Early, before.AddHours(2));
    }

    [Fact]
    public async Task What_is_not_there_is_told_by_every_call()
    {
        await using var engine = await StartAsync((_, input) => Task.FromResult(input));
        Assert.Null(await engine.Hub.GetStatusAsync(One, Cancellation));
        Assert.Equal(RaiseOutcome.NotFound, await engine.RaiseAsync(One, Go, 1, "d1"));
        Assert.Equal(CommandOutcome.NotFound, await engine.Hub.SuspendAsync(One, "x", Cancellation));
        Assert.Equal(CommandOutcome.NotFound, await engine.Hub.ResumeAsync(One, "x", Cancellation));
        Assert.Equal(CommandOutcome.NotFound, await engine.Hub.TerminateAsync(One, "x", false, Cancellation));
        Assert.Equal(PurgeOutcome.NotFound, await engine.Hub.PurgeAsync(One, Cancellation));
    }

    [Fact]
    public async Task What_is_over_the_limit_is_refused_and_nothing_happens()
    {
        var large = new string('x', 20_000);
        await using var engine = await StartAsync(WaitingForever);
        var name = new OrchestrationName<string, int>(Whole.Text);
        Assert.Equal(StartOutcome.TooLarge, await engine.Client().StartAsync(name, One, large, Cancellation));
        Assert.Null(await engine.Hub.GetStatusAsync(One, Cancellation));
        await engine.StartAsync(Whole, One, 0);
        Assert.Equal(RaiseOutcome.TooLarge, await engine.RaiseAsync(One, new EventName<string>("go"), large, "d1"));
    }

    [Fact]
    public async Task A_second_start_of_a_live_instance_is_told_that_it_exists()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        Assert.Equal(StartOutcome.AlreadyExists, await engine.Client().StartAsync(Whole, One, 0, Cancellation));
        Assert.Equal(StartOutcome.AlreadyExists, await engine.Client().RestartAsync(Whole, One, 0, Cancellation));
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Go, 5, "d1");
        Assert.Equal(5, engine.Output(Whole, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_start_with_the_id_of_a_completed_run_is_told_that_it_exists()
    {
        await using var engine = await StartAsync((_, input) => Task.FromResult(input));
        engine.Needs(Ability.KeepCompletedIds);
        await engine.RunAsync(Whole, 1);
        Assert.Equal(StartOutcome.AlreadyExists, await engine.Client().StartAsync(Whole, One, 2, Cancellation));
        Assert.Equal("1", (await engine.StatusAsync(One)).Output);
    }

    [Fact]
    public async Task A_completed_instance_restarts_when_asked()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        await engine.RaiseAsync(One, Go, 5, "d1");
        await engine.EndAsync(One);
        Assert.Equal(StartOutcome.Started, await engine.Client().RestartAsync(Whole, One, 0, Cancellation));
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Go, 6, "d2");
        Assert.Equal("6", (await engine.UntilAsync(One, status => status.Output is not null)).Output);
    }

    [Fact]
    public async Task Failed_and_terminated_instances_restart_when_asked()
    {
        await using var engine = await StartAsync(async (context, input) =>
            input == 0 ? throw new StepFailedException("no") : await WaitingForever(context, input));
        await engine.StartAsync(Whole, One, 0);
        Assert.Equal(OrchestrationStatus.Failed, (await engine.EndAsync(One)).Status);
        Assert.Equal(StartOutcome.Started, await engine.Client().RestartAsync(Whole, One, 1, Cancellation));
        await engine.ReachesAsync(One, "waiting");
        await engine.Hub.TerminateAsync(One, "unwanted", false, Cancellation);
        await engine.UntilAsync(One, status => status.Status == OrchestrationStatus.Terminated);
        Assert.Equal(StartOutcome.Started, await engine.Client().RestartAsync(Whole, One, 1, Cancellation));
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Go, 6, "d1");
        Assert.Equal("6", (await engine.UntilAsync(One, status => status.Output == "6")).Output);
    }

    [Fact]
    public async Task Only_a_completed_instance_is_purged_and_then_it_is_gone()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        Assert.Equal(PurgeOutcome.NotCompleted, await engine.Hub.PurgeAsync(One, Cancellation));
        await engine.RaiseAsync(One, Go, 5, "d1");
        await engine.EndAsync(One);
        Assert.Equal(PurgeOutcome.Purged, await engine.Hub.PurgeAsync(One, Cancellation));
        Assert.Null(await engine.Hub.GetStatusAsync(One, Cancellation));
        Assert.Equal(PurgeOutcome.NotFound, await engine.Hub.PurgeAsync(One, Cancellation));
    }

    [Fact]
    public async Task A_purged_id_can_be_used_again()
    {
        await using var engine = await StartAsync((_, input) => Task.FromResult(input));
        await engine.RunAsync(Whole, 1);
        await engine.Hub.PurgeAsync(One, Cancellation);
        Assert.Equal(2, await engine.RunAsync(Whole, 2));
    }

    [Fact]
    public async Task Instances_are_listed_in_pages_by_status_and_prefix()
    {
        await using var engine = await StartAsync(
            WaitingForever, registry => registry.Code(Child, (_, input) => Task.FromResult(input)));
        string[] waiting = ["acme:w0", "acme:w1", "acme:w2", "acme:w3", "acme:w4", "other:w"];
        foreach (var id in waiting)
        {
            await engine.StartAsync(Whole, InstanceId.Parse(id), 1);
            await engine.ReachesAsync(InstanceId.Parse(id), "waiting");
        }

        await engine.RunAsync(Child, 1, "acme:q");
        var query = new InstanceQuery(OrchestrationStatus.Running, "acme:", PageSize: 2);
        List<string> found = [];
        Cursor? from = null;
        do
        {
            var page = await engine.Hub.ListAsync(query, from, Cancellation);
            Assert.InRange(page.Items.Count, from is null ? 1 : 0, 2);
            found.AddRange(page.Items.Select(item => item.Instance.Text));
            from = page.Next;
        }
        while (from is not null);

        Assert.Equal(waiting[..5], found.Order(StringComparer.Ordinal));
        var all = await engine.Hub.ListAsync(new InstanceQuery(), null, Cancellation);
        Assert.Equal(7, all.Items.Count);
    }

    [Fact]
    public async Task A_wait_for_completion_gives_the_end_or_nothing()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        var wait = engine.Client().WaitForCompletionAsync(One, TimeSpan.FromDays(1), Cancellation).AsTask();
        await engine.ReachesAsync(One, "waiting");
        Assert.False(wait.IsCompleted);
        await engine.RaiseAsync(One, Go, 5, "d1");
        await engine.EndAsync(One);
        Assert.Equal("5", (await NudgedAsync(engine, wait))?.Output);
        Assert.Null(await NudgedAsync(
            engine, engine.Client().WaitForCompletionAsync(Two, TimeSpan.FromMinutes(5), Cancellation).AsTask()));
    }

    [Fact]
    public async Task A_wait_for_completion_ends_with_its_timeout()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        Assert.Null(await NudgedAsync(
            engine, engine.Client().WaitForCompletionAsync(One, TimeSpan.FromMinutes(5), Cancellation).AsTask()));
    }

    /// <summary>Moves the clock while a client waits: it may poll, or time out, by that clock.</summary>
    private static async Task<T> NudgedAsync<T>(IEngineUnderTest engine, Task<T> wait)
    {
        await Deadline.UntilAsync(
            () =>
            {
                engine.Clock.Advance(TimeSpan.FromSeconds(10));
                return wait.IsCompleted;
            },
            Cancellation);
        return await wait;
    }
}
