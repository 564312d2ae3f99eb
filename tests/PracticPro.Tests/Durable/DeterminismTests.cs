using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

public sealed class DeterminismTests
{
    private static readonly ActivityName<int, int> Step = new("step");
    private static readonly ActivityName<int, int> Other = new("other");

    [Fact]
    public void Changed_code_fails_with_what_was_expected_and_found()
    {
        var history = Calls(Step).Start(0);
        var failure = FailureOf(history, (context, input) => context.CallActivityAsync(Other, input));
        Assert.Equal("non-determinism", failure.Code);
        Assert.Equal("expected activity 'step' (id 0), found activity 'other' (id 0)", failure.Detail);
    }

    [Fact]
    public void A_call_that_is_missing_fails_with_nothing_found()
    {
        var history = Calls(Step).Start(0);
        var failure = FailureOf(history, (context, _) =>
            context.WaitForExternalEvent(new EventName<int>("e"), CancellationToken.None));
        Assert.Equal("expected activity 'step' (id 0), found nothing", failure.Detail);
    }

    [Fact]
    public void Another_kind_of_call_fails_with_both_kinds()
    {
        var history = Calls(Step).Start(0);
        var failure = FailureOf(history, async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return 0;
        });
        Assert.Equal("expected activity 'step' (id 0), found timer (id 0)", failure.Detail);
    }

    [Fact]
    public void Names_in_another_case_are_the_same_name()
    {
        var history = Calls(Step).Start(0);
        var result = history.Replay(
            [history.Done(0, 5)],
            (context, input) => context.CallActivityAsync(new ActivityName<int, int>("STEP"), input));
        var end = Assert.IsType<OrchestratorAction.CompleteOrchestration>(Assert.Single(result.Actions));
        Assert.Equal(OrchestrationStatus.Completed, end.Status);
    }

    [Fact]
    public void Changed_inputs_are_not_compared()
    {
        var history = Calls(Step).Start(0);
        var result = history.Replay(
            [history.Done(0, 5)],
            (context, _) => context.CallActivityAsync(Step, 99));
        var end = Assert.IsType<OrchestratorAction.CompleteOrchestration>(Assert.Single(result.Actions));
        Assert.Equal(OrchestrationStatus.Completed, end.Status);
    }

    [Fact]
    public void Awaiting_what_is_not_durable_fails_the_instance()
    {
        var never = new TaskCompletionSource<int>();
        var history = History<int, int>.Of((_, _) => never.Task).Start(0);
        Assert.Equal("non-durable-await", history.Failure().Code);
    }

    [Fact]
    public void Leaving_the_context_aside_does_not_leave_the_thread()
    {
        var threads = new HashSet<int>();
        var history = History<int, int>.Of(async (context, input) =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            var result = await context.CallActivityAsync(Step, input).ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
            return result + await context.CallActivityAsync(Step, input).ConfigureAwait(false);
        }).Start(0);
        threads.Clear();
        history.Turn(history.Done(0, 1)).Turn(history.Done(1, 2));
        Assert.Equal(3, history.Output());
        Assert.Single(threads);
    }

    [Fact]
    public void The_context_is_refused_on_another_thread()
    {
        Exception? refused = null;
        History<int, int>.Of((context, _) =>
        {
            var thread = new Thread(() => refused = Record.Exception(() => context.NewGuid()));
            thread.Start();
            thread.Join();
            return Task.FromResult(0);
        }).Start(0);
        Assert.Equal("NonDurableAwaitException", refused?.GetType().Name);
    }

    [Fact]
    public void Use_from_another_thread_fails_the_instance()
    {
        var history = History<int, int>.Of((context, _) =>
        {
            var thread = new Thread(() => Record.Exception(() => context.NewGuid()));
            thread.Start();
            thread.Join();
            return Task.FromResult(0);
        }).Start(0);
        Assert.Equal("non-durable-await", history.Failure().Code);
    }

    [Fact]
    public void A_guid_is_the_one_that_the_rule_gives()
    {
        // Made apart with Python: uuid.uuid5(UUID('9e952958-…'), 'instance_2026-01-05T09:00:00.0000000Z_0').
        var history = History<int, Guid>.Of((context, _) => Task.FromResult(context.NewGuid())).Start(0);
        Assert.Equal(Guid.Parse("91d5020f-0cc7-5602-9712-26a74adf8187"), history.Output());
    }

    private static History<int, int> Calls(ActivityName<int, int> name) =>
        History<int, int>.Of((context, input) => context.CallActivityAsync(name, input));

    private static FailureDetails FailureOf(
        History<int, int> history,
        Func<OrchestrationContext, int, Task<int>> changed)
    {
        var result = history.Replay([history.Done(0, 5)], changed);
        var end = Assert.IsType<OrchestratorAction.CompleteOrchestration>(Assert.Single(result.Actions));
        return Assert.IsType<FailureDetails>(end.Failure);
    }
}
