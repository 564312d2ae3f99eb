using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>Suspend, resume, terminate and continue-as-new, against the executor alone.</summary>
public sealed class LifeCycleTests
{
    private static readonly ActivityName<int, int> Step = new("step");
    private static readonly EventName<string> Word = new("word");

    [Fact]
    public void A_suspended_instance_does_nothing_with_what_arrives()
    {
        var history = Chain().Start(0);
        history.Turn(Suspend(history)).Turn(history.Done(0, 1));
        Assert.Equal((true, 0), (history.Last.IsSuspended, history.Last.Actions.Count));
    }

    [Fact]
    public void A_resumed_instance_goes_through_what_arrived_in_order()
    {
        var history = Chain().Start(0);
        history.Turn(Suspend(history)).Turn(history.Done(0, 1)).Turn(Resume(history));
        Assert.Equal([1], history.Last.Actions.Select(action => action.Id));
        history.Turn(history.Done(1, 2));
        Assert.Equal(2, history.Output());
    }

    [Fact]
    public void Actions_pending_at_the_suspension_are_held_back_until_the_resume()
    {
        var history = Chain().Start(0);
        history.Turn(history.Done(0, 1), Suspend(history));
        Assert.Empty(history.Last.Actions);
        history.Turn(Resume(history));
        Assert.Equal([1], history.Last.Actions.Select(action => action.Id));
    }

    [Fact]
    public void A_second_suspension_among_what_arrived_suspends_again()
    {
        var history = Chain().Start(0);
        history.Turn(Suspend(history)).Turn(Suspend(history), history.Done(0, 1)).Turn(Resume(history));
        Assert.True(history.Last.IsSuspended);
        history.Turn(Resume(history));
        Assert.Equal([1], history.Last.Actions.Select(action => action.Id));
    }

    [Fact]
    public void A_resume_without_a_suspension_changes_nothing()
    {
        var history = Chain().Start(0);
        history.Turn(Resume(history));
        Assert.Equal((false, 0), (history.Last.IsSuspended, history.Last.Actions.Count));
    }

    [Fact]
    public void A_termination_ends_the_instance_with_its_reason()
    {
        var history = Chain().Start(0);
        history.Turn(new HistoryEvent.ExecutionTerminated(history.Now, "\"unwanted\"", false));
        Assert.Equal((OrchestrationStatus.Terminated, "\"unwanted\""), (history.End?.Status, history.End?.Result));
    }

    [Fact]
    public void A_suspended_instance_can_be_terminated_and_releases_nothing()
    {
        var history = Chain().Start(0);
        history.Turn(history.Done(0, 1), Suspend(history));
        history.Turn(new HistoryEvent.ExecutionTerminated(history.Now, null, false));
        var end = Assert.IsType<OrchestratorAction.CompleteOrchestration>(Assert.Single(history.Last.Actions));
        Assert.Equal(OrchestrationStatus.Terminated, end.Status);
    }

    [Fact]
    public void After_a_termination_the_code_is_not_run_any_further()
    {
        var history = Chain().Start(0);
        history.Turn(new HistoryEvent.ExecutionTerminated(history.Now, null, false), history.Done(0, 1));
        Assert.IsType<OrchestratorAction.CompleteOrchestration>(Assert.Single(history.Last.Actions));
    }

    [Fact]
    public void Continue_as_new_gives_the_new_input_when_the_code_returns()
    {
        var history = History<int, int>.Of((context, input) =>
        {
            context.ContinueAsNew(input + 1);
            return Task.FromResult(0);
        }).Start(1);
        Assert.Equal((OrchestrationStatus.ContinuedAsNew, "2"), (history.End?.Status, history.End?.Result));
    }

    [Fact]
    public void Events_nobody_took_are_carried_over_in_order()
    {
        var history = Rounds(preserve: true).Start(0);
        history.Turn(history.Raised("word", "a"), history.Raised("word", "b"), history.Done(0, 0));
        Assert.Equal(["\"a\"", "\"b\""], history.End?.CarryoverEvents?.Select(carried => carried.Input));
    }

    [Fact]
    public void Events_after_the_end_of_the_code_in_the_same_turn_are_carried_too()
    {
        var history = Rounds(preserve: true).Start(0);
        history.Turn(history.Raised("word", "a"), history.Done(0, 0), history.Raised("word", "late"));
        Assert.Equal(["\"a\"", "\"late\""], history.End?.CarryoverEvents?.Select(carried => carried.Input));
    }

    [Fact]
    public void Events_are_let_go_when_the_code_says_so()
    {
        var history = Rounds(preserve: false).Start(0);
        history.Turn(history.Raised("word", "a"), history.Done(0, 0));
        Assert.Null(history.End?.CarryoverEvents);
    }

    [Fact]
    public void An_orchestration_that_fails_after_continue_as_new_has_failed()
    {
        var history = History<int, int>.Of((context, input) =>
        {
            context.ContinueAsNew(input + 1);
            throw new StepFailedException("too-late");
        }).Start(1);
        Assert.Equal("too-late", history.Failure().Code);
    }

    [Fact]
    public void Other_actions_of_the_last_turn_come_with_continue_as_new()
    {
        var history = History<int, int>.Of((context, input) =>
        {
            context.SendEvent(InstanceId.Parse("other"), Word, "bye");
            context.ContinueAsNew(input);
            return Task.FromResult(0);
        }).Start(1);
        Assert.IsType<OrchestratorAction.SendEvent>(history.Last.Actions[0]);
        Assert.Equal(2, history.Last.Actions.Count);
    }

    private static HistoryEvent.ExecutionSuspended Suspend(History<int, int> history) => new(history.Now, null);

    private static HistoryEvent.ExecutionResumed Resume(History<int, int> history) => new(history.Now, null);

    private static History<int, int> Rounds(bool preserve) => History<int, int>.Of(async (context, input) =>
    {
        await context.CallActivityAsync(Step, 0);
        context.ContinueAsNew(input, preserve);
        return 0;
    });

    private static History<int, int> Chain() => History<int, int>.Of(async (context, input) =>
    {
        input = await context.CallActivityAsync(Step, input);
        return await context.CallActivityAsync(Step, input);
    });
}
