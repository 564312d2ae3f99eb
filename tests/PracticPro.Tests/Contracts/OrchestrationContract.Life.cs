using System.Collections.Concurrent;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Tests.Durable;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    [Fact]
    public async Task A_suspended_instance_keeps_events_until_it_is_resumed()
    {
        await using var engine = await StartAsync((context, _) =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent(Word, Never);
        });
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await SuspendAsync(engine);
        await engine.RaiseAsync(One, Word, "kept", "d1");
        await engine.IdleAsync();
        Assert.Equal(OrchestrationStatus.Suspended, (await engine.StatusAsync(One)).Status);
        await engine.RestartWorkerAsync();
        await engine.Hub.ResumeAsync(One, "audit-over", Cancellation);
        Assert.Equal("kept", engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_suspended_instance_begins_nothing_with_what_comes_back()
    {
        var begun = new ConcurrentBag<int>();
        var release = new TaskCompletionSource();
        await using var engine = await StartAsync(
            async (context, _) => await context.CallActivityAsync(Step, 1) + await context.CallActivityAsync(Step, 2),
            registry => registry.Activity(Step, async (_, input, _) =>
            {
                begun.Add(input);
                await release.Task;
                return input;
            }));
        await engine.StartAsync(Whole, One, 0);
        await Eventually(() => begun.Contains(1));
        await SuspendAsync(engine);
        release.SetResult();
        await engine.IdleAsync();
        Assert.DoesNotContain(2, begun);
        await engine.Hub.ResumeAsync(One, "audit-over", Cancellation);
        Assert.Equal(3, engine.Output(Whole, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_timer_that_falls_due_while_suspended_ends_with_the_resume()
    {
        await using var engine = await StartAsync(Wait(TimeSpan.FromHours(1)));
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await SuspendAsync(engine);
        await engine.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(OrchestrationStatus.Suspended, (await engine.StatusAsync(One)).Status);
        await engine.Hub.ResumeAsync(One, "audit-over", Cancellation);
        Assert.Equal(OrchestrationStatus.Completed, (await engine.EndAsync(One)).Status);
    }

    [Fact]
    public async Task Suspending_a_completed_instance_is_told_and_changes_nothing()
    {
        await using var engine = await StartAsync((_, input) => Task.FromResult(input));
        await engine.RunAsync(Whole, 1);
        Assert.Equal(CommandOutcome.AlreadyCompleted, await engine.Hub.SuspendAsync(One, "late", Cancellation));
        await engine.IdleAsync();
        Assert.Equal(OrchestrationStatus.Completed, (await engine.StatusAsync(One)).Status);
    }

    [Fact]
    public async Task A_termination_ends_the_instance_with_its_reason()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        Assert.Equal(CommandOutcome.Accepted, await engine.Hub.TerminateAsync(One, "unwanted", false, Cancellation));
        var end = await engine.EndAsync(One);
        Assert.Equal((OrchestrationStatus.Terminated, "\"unwanted\""), (end.Status, end.Output));
    }

    [Fact]
    public async Task A_suspended_instance_can_be_terminated()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await SuspendAsync(engine);
        await engine.Hub.TerminateAsync(One, "unwanted", false, Cancellation);
        Assert.Equal(OrchestrationStatus.Terminated, (await engine.EndAsync(One)).Status);
    }

    [Fact]
    public async Task A_terminated_instance_stays_as_it_is_whatever_comes_after()
    {
        await using var engine = await StartAsync(WaitingForever);
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.Hub.TerminateAsync(One, "unwanted", false, Cancellation);
        await engine.EndAsync(One);
        Assert.Equal(CommandOutcome.AlreadyCompleted, await engine.Hub.TerminateAsync(One, "again", false, Cancellation));
        Assert.Equal(RaiseOutcome.AlreadyCompleted, await engine.RaiseAsync(One, Go, 1, "d1"));
        await engine.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("\"unwanted\"", (await engine.StatusAsync(One)).Output);
    }

    [Fact]
    public async Task A_termination_reaches_children_when_asked()
    {
        await using var engine = await StartAsync(ParentOfTwo, registry => registry.Code(Child, WaitingForever));
        engine.Needs(Ability.EndChildren);
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(Two, "waiting");
        await engine.Hub.TerminateAsync(One, "unwanted", true, Cancellation);
        Assert.Equal(OrchestrationStatus.Terminated, (await engine.EndAsync(One)).Status);
        Assert.Equal(OrchestrationStatus.Terminated, (await engine.EndAsync(Two)).Status);
    }

    [Fact]
    public async Task A_terminated_child_fails_the_call_of_its_parent()
    {
        await using var engine = await StartAsync(
            (context, _) => CodeOf(context.CallSubOrchestrationAsync(Child, 0, Two)),
            registry => registry.Code(Child, WaitingForever));
        await engine.StartAsync(Told, One, 0);
        await engine.ReachesAsync(Two, "waiting");
        await engine.Hub.TerminateAsync(Two, "unwanted", false, Cancellation);
        Assert.Contains(engine.Output(Told, await engine.EndAsync(One)), new[] { "terminated", "unknown" });
    }

    [Fact]
    public async Task A_child_whose_id_is_taken_fails_the_call_of_its_parent()
    {
        await using var engine = await StartAsync(
            (context, _) => CodeOf(context.CallSubOrchestrationAsync(Child, 0, Two)),
            registry => registry.Code(Child, WaitingForever));
        engine.Needs(Ability.RefuseTakenChildIds);
        await engine.StartAsync(Child, Two, 0);
        await engine.ReachesAsync(Two, "waiting");
        Assert.Equal("instance-already-exists", await engine.RunAsync(Told, 0));
    }

    [Fact]
    public async Task A_completed_instance_is_still_known_after_a_restart_of_the_worker()
    {
        await using var engine = await StartAsync((_, input) => Task.FromResult(input));
        await engine.RunAsync(Whole, 13);
        await engine.RestartWorkerAsync();
        var status = await engine.StatusAsync(One);
        Assert.Equal((OrchestrationStatus.Completed, "13"), (status.Status, status.Output));
    }

    [Fact]
    public async Task A_restart_of_the_worker_loses_nothing_that_waits()
    {
        await using var engine = await StartAsync(
            async (context, _) =>
            {
                var timer = context.CreateTimer(TimeSpan.FromHours(1), Never);
                context.SetCustomStatus("waiting");
                var sum = await context.WaitForExternalEvent(Go, Never) + await context.WaitForExternalEvent(Go, Never);
                await timer;
                return sum + await context.CallActivityAsync(Lambdas.AddOne, 0);
            },
            AddOne);
        await engine.StartAsync(Whole, One, 0);
        await engine.ReachesAsync(One, "waiting");
        await engine.RaiseAsync(One, Go, 10, "d1");
        await engine.IdleAsync();
        await engine.RestartWorkerAsync();
        await engine.RaiseAsync(One, Go, 20, "d2");
        Assert.Equal(31, engine.Output(Whole, await engine.EndAsync(One, TimeSpan.FromHours(1))));
    }

    private static Task Eventually(Func<bool> holds) => Deadline.UntilAsync(holds, Cancellation);

    private static async Task SuspendAsync(IEngineUnderTest engine)
    {
        Assert.Equal(CommandOutcome.Accepted, await engine.Hub.SuspendAsync(One, "audit", Cancellation));
        await engine.UntilAsync(One, status => status.Status == OrchestrationStatus.Suspended);
    }

    private static async Task<int> WaitingForever(OrchestrationContext context, int input)
    {
        context.SetCustomStatus("waiting");
        return await context.WaitForExternalEvent(Go, Never);
    }

    private static Task<int> ParentOfTwo(OrchestrationContext context, int input) =>
        context.CallSubOrchestrationAsync(Child, input, Two);
}
