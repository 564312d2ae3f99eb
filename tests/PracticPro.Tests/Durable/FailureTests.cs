using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>How failures travel, and when a failed call is made again.</summary>
public sealed class FailureTests
{
    private static readonly ActivityName<int, int> Step = new("step");

    [Fact]
    public void An_unhandled_activity_failure_is_the_inner_failure_of_the_instance()
    {
        var history = Plain().Start(0);
        history.Turn(history.Failed(0, "mailbox-gone"));
        Assert.Equal(("task-failed", "mailbox-gone"), (history.Failure().Code, history.Failure().Inner?.Code));
    }

    [Fact]
    public void A_failure_can_be_caught_by_its_code()
    {
        var history = History<int, string>.Of(async (context, input) =>
        {
            try
            {
                await context.CallActivityAsync(Step, input);
                return "done";
            }
            catch (TaskFailedException failed) when (failed.Failure.Code == "mailbox-gone")
            {
                return "caught";
            }
        }).Start(0);
        history.Turn(history.Failed(0, "mailbox-gone"));
        Assert.Equal("caught", history.Output());
    }

    [Fact]
    public void A_failure_of_the_orchestration_keeps_its_code()
    {
        var history = History<int, int>.Of((_, _) => throw new StepFailedException("no-consent", true)).Start(0);
        Assert.Equal(("no-consent", true), (history.Failure().Code, history.Failure().NonRetriable));
    }

    [Fact]
    public void The_text_of_a_foreign_exception_is_not_kept()
    {
        var history = History<int, int>.Of((_, _) => throw new InvalidOperationException("Jane Roe")).Start(0);
        Assert.DoesNotContain("Jane", history.Failure().ToString(), StringComparison.Ordinal);
        Assert.Equal("System.InvalidOperationException", history.Failure().Type);
    }

    [Fact]
    public void A_failure_code_cannot_hold_a_sentence() =>
        Assert.Throws<ArgumentException>(() => new StepFailedException("Jane Roe <jane@practice.example>"));

    [Fact]
    public void An_orchestration_that_is_not_registered_fails_and_is_named()
    {
        var history = new History<int, int>((_, input) => Task.FromResult(input));
        var result = history.Replay(
            [new HistoryEvent.ExecutionStarted(history.Now, "gone", "1", InstanceId.Parse("i"), "run-1")]);
        var end = Assert.IsType<OrchestratorAction.CompleteOrchestration>(Assert.Single(result.Actions));
        Assert.Equal(("orchestration-not-registered", "gone"), (end.Failure?.Code, end.Failure?.Detail));
    }

    [Fact]
    public void A_failed_call_is_made_again_after_a_timer_with_a_new_id()
    {
        var history = Retrying(new RetryPolicy(TimeSpan.FromMinutes(1), 3, 2)).Start(0);
        history.Turn(history.Failed(0, "busy"));
        var timer = Assert.IsType<OrchestratorAction.CreateTimer>(Assert.Single(history.Last.Actions));
        Assert.Equal((1, history.Now.AddMinutes(1)), (timer.Id, timer.FireAt));
        history.After(TimeSpan.FromMinutes(1)).Turn(history.Fired(1));
        Assert.Equal(2, Assert.IsType<OrchestratorAction.ScheduleTask>(Assert.Single(history.Last.Actions)).Id);
        history.Turn(history.Done(2, 9));
        Assert.Equal(9, history.Output());
    }

    [Fact]
    public void The_last_attempt_fails_the_call_at_once()
    {
        var history = Retrying(new RetryPolicy(TimeSpan.FromMinutes(1), 2)).Start(0);
        history.Turn(history.Failed(0, "busy")).Turn(history.Fired(1)).Turn(history.Failed(2, "busy"));
        Assert.Equal("busy", history.Failure().Inner?.Code);
    }

    [Fact]
    public void Every_attempt_has_the_same_idempotency_key_and_its_own_number()
    {
        var history = Retrying(new RetryPolicy(TimeSpan.FromMinutes(1), 2)).Start(0);
        var first = Assert.IsType<OrchestratorAction.ScheduleTask>(history.Last.Actions[0]);
        history.Turn(history.Failed(0, "busy")).Turn(history.Fired(1));
        var second = Assert.IsType<OrchestratorAction.ScheduleTask>(history.Last.Actions[0]);
        Assert.Equal("""{"call":"run-1.0","attempt":1,"caller":"instance","input":0}""", first.Input);
        Assert.Equal("""{"call":"run-1.0","attempt":2,"caller":"instance","input":0}""", second.Input);
    }

    [Fact]
    public void A_non_retriable_failure_is_not_retried()
    {
        var history = Retrying(new RetryPolicy(TimeSpan.FromMinutes(1), 9)).Start(0);
        history.Turn(history.Failed(0, "never", nonRetriable: true));
        Assert.Equal("never", history.Failure().Inner?.Code);
    }

    [Fact]
    public void A_failure_the_policy_does_not_want_is_not_retried()
    {
        var policy = new RetryPolicy(TimeSpan.FromMinutes(1), 9) { Retries = failure => failure.Code == "busy" };
        var history = Retrying(policy).Start(0);
        history.Turn(history.Failed(0, "other"));
        Assert.Equal("other", history.Failure().Inner?.Code);
    }

    [Fact]
    public void No_attempt_is_made_after_the_retry_timeout()
    {
        var policy = new RetryPolicy(TimeSpan.FromMinutes(1), 9) { RetryTimeout = TimeSpan.FromMinutes(5) };
        var history = Retrying(policy).Start(0);
        history.After(TimeSpan.FromMinutes(5)).Turn(history.Failed(0, "busy"));
        Assert.Equal("busy", history.Failure().Inner?.Code);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    [InlineData(2_000, 60)]
    public void The_delay_grows_by_the_coefficient_up_to_the_maximum(int attempt, int seconds)
    {
        var policy = new RetryPolicy(TimeSpan.FromSeconds(10), int.MaxValue, 2)
        {
            MaxInterval = TimeSpan.FromSeconds(60),
        };
        var delay = policy.DelayAfter(new FailureDetails("test", "busy"), attempt, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(seconds), delay);
    }

    [Fact]
    public void A_failed_child_is_tried_again_under_another_id()
    {
        var history = History<int, int>.Of((context, input) => context.CallSubOrchestrationAsync(
            new OrchestrationName<int, int>("child"),
            input,
            InstanceId.Parse("named"),
            new RetryPolicy(TimeSpan.FromMinutes(1), 2))).Start(0);
        var failure = new FailureDetails("test", "busy");
        history.Turn(new HistoryEvent.SubOrchestrationFailed(history.Now, 0, failure)).Turn(history.Fired(1));
        var second = Assert.IsType<OrchestratorAction.CreateSubOrchestration>(history.Last.Actions[0]);
        Assert.NotEqual(InstanceId.Parse("named"), second.InstanceId);
    }

    [Fact]
    public void An_input_over_the_limit_fails_the_call_that_gives_it()
    {
        var history = History<int, int>.Of((context, _) => context.CallActivityAsync(
            new ActivityName<string, int>("text"), new string('x', 16 * 1024))).Start(0);
        Assert.Equal("payload-too-large", history.Failure().Code);
    }

    private static History<int, int> Plain() => History<int, int>.Of((context, input) =>
        context.CallActivityAsync(Step, input));

    private static History<int, int> Retrying(RetryPolicy policy) => History<int, int>.Of((context, input) =>
        context.CallActivityAsync(Step, input, policy));
}
