using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>A call whose process an engine lost is delivered again: the step is at-least-once on every engine.</summary>
public sealed class LostDeliveryTests
{
    private static readonly ActivityName<int, int> Work = new("work");
    private static readonly OrchestrationName<int, int> Child = new("child");

    [Fact]
    public void A_lost_activity_is_called_again_after_a_while_under_the_same_key()
    {
        var history = History<int, int>.Of((context, input) => context.CallActivityAsync(Work, input)).Start(7);
        var first = ActivityEnvelope.Open(Scheduled(history).Input);

        Lose(history);
        var second = ActivityEnvelope.Open(Scheduled(history).Input);
        history.Turn(history.Done(Scheduled(history).Id, 8));

        Assert.Equal(first, second);
        Assert.Equal(8, history.Output());
    }

    [Fact]
    public void A_lost_delivery_is_no_attempt_of_the_steps_own_policy()
    {
        var policy = new RetryPolicy(TimeSpan.FromSeconds(1), maxAttempts: 1);
        var history = History<int, int>.Of((context, input) => context.CallActivityAsync(Work, input, policy)).Start(7);

        Lose(history);

        Assert.Equal(1, ActivityEnvelope.Open(Scheduled(history).Input).Attempt);
    }

    [Fact]
    public void A_step_that_is_lost_every_time_fails_in_the_end()
    {
        var history = History<int, int>.Of((context, input) => context.CallActivityAsync(Work, input)).Start(7);
        var deliveries = 0;

        while (history.End is null)
        {
            deliveries++;
            Assert.True(deliveries < 100);
            var task = Scheduled(history);
            history.After(TimeSpan.FromSeconds(1)).Turn(history.Failed(task.Id, FailureCodes.DeliveryLost));
            Fire(history);
        }

        Assert.Equal(12, deliveries);
        Assert.Equal(FailureCodes.DeliveryLost, history.Failure().Inner!.Code);
    }

    [Fact]
    public void A_lost_child_is_made_anew_under_another_id()
    {
        var named = InstanceId.Parse("named");
        var history = History<int, int>.Of(
            (context, input) => context.CallSubOrchestrationAsync(Child, input, named)).Start(7);
        var first = Created(history);
        var lost = new FailureDetails("host", FailureCodes.DeliveryLost);

        history.Turn(new HistoryEvent.SubOrchestrationFailed(history.Now, first.Id, lost));
        Fire(history);
        var second = Created(history);

        Assert.Equal(named, first.InstanceId);
        Assert.NotEqual(named, second.InstanceId);
        Assert.Equal(first.Input, second.Input);
    }

    private static void Lose(History<int, int> history)
    {
        history.Turn(history.Failed(Scheduled(history).Id, FailureCodes.DeliveryLost));
        Fire(history);
    }

    private static void Fire(History<int, int> history)
    {
        if (history.Last.Actions.OfType<OrchestratorAction.CreateTimer>().SingleOrDefault() is { } timer)
        {
            history.After(timer.FireAt - history.Now).Turn(history.Fired(timer.Id));
        }
    }

    private static OrchestratorAction.ScheduleTask Scheduled(History<int, int> history) =>
        Assert.Single(history.Last.Actions.OfType<OrchestratorAction.ScheduleTask>());

    private static OrchestratorAction.CreateSubOrchestration Created(History<int, int> history) =>
        Assert.Single(history.Last.Actions.OfType<OrchestratorAction.CreateSubOrchestration>());
}
