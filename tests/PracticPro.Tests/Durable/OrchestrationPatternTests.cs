using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>The patterns of Microsoft's own client tests, against the executor alone.</summary>
public sealed class OrchestrationPatternTests
{
    private static readonly ActivityName<int, int> Step = new("step");
    private static readonly EventName<string> Word = new("word");

    [Fact]
    public void An_empty_orchestration_completes_in_its_first_turn()
    {
        var history = History<int, int>.Of((_, input) => Task.FromResult(input)).Start(7);
        Assert.Equal(7, history.Output());
    }

    [Fact]
    public void A_chain_schedules_one_activity_at_a_time_with_rising_ids()
    {
        var history = History<int, int>.Of(async (context, input) =>
        {
            input = await context.CallActivityAsync(Step, input);
            return await context.CallActivityAsync(Step, input);
        }).Start(1);
        Assert.Equal([0], history.Last.Actions.Select(action => action.Id));
        history.Turn(history.Done(0, 2));
        Assert.Equal([1], history.Last.Actions.Select(action => action.Id));
        history.Turn(history.Done(1, 3));
        Assert.Equal((3, 2), (history.Output(), history.End?.Id));
    }

    [Fact]
    public void A_fan_out_gathers_answers_in_any_order()
    {
        var history = FanOut().Start(3);
        Assert.Equal([0, 1, 2], history.Last.Actions.Select(action => action.Id));
        history.Turn(history.Done(2, 30)).Turn(history.Done(0, 10), history.Done(1, 20));
        Assert.Equal("10,20,30", history.Output());
    }

    [Fact]
    public void A_second_answer_to_the_same_call_is_ignored()
    {
        var history = FanOut().Start(2);
        history.Turn(history.Done(0, 1), history.Done(0, 99)).Turn(history.Done(0, 99), history.Done(1, 2));
        Assert.Equal("1,2", history.Output());
    }

    [Fact]
    public void An_answer_to_a_call_never_made_is_ignored()
    {
        var history = FanOut().Start(1);
        history.Turn(history.Done(77, 1));
        Assert.Null(history.End);
    }

    [Fact]
    public void Time_is_that_of_the_turn_and_the_same_in_every_replay()
    {
        var history = History<int, List<DateTimeOffset>>.Of(async (context, _) =>
        {
            var first = context.CurrentUtcTime;
            await context.CallActivityAsync(Step, 0);
            return [first, context.CurrentUtcTime];
        });
        var start = history.Now;
        history.Start(0).After(TimeSpan.FromHours(1)).Turn(history.Done(0, 0));
        Assert.Equal([start, start.AddHours(1)], history.Output());
    }

    [Fact]
    public void Replaying_is_over_with_the_first_new_event()
    {
        List<bool> seen = [];
        var history = History<int, int>.Of(async (context, _) =>
        {
            seen.Add(context.IsReplaying);
            await context.CallActivityAsync(Step, 0);
            seen.Add(context.IsReplaying);
            return 0;
        }).Start(0);
        seen.Clear();
        history.Replay([history.Done(0, 0)]);
        Assert.Equal([true, false], seen);
    }

    [Fact]
    public void A_custom_status_is_told_with_every_turn()
    {
        var history = History<int, int>.Of(async (context, _) =>
        {
            context.SetCustomStatus("working");
            await context.CallActivityAsync(Step, 0);
            return await context.CallActivityAsync(Step, 0);
        }).Start(0);
        history.Turn(history.Done(0, 0));
        Assert.Equal("\"working\"", history.Last.CustomStatus);
    }

    [Fact]
    public void Guids_are_version_five_and_differ_from_call_to_call()
    {
        var history = History<int, List<Guid>>.Of((context, _) =>
            Task.FromResult<List<Guid>>([context.NewGuid(), context.NewGuid()])).Start(0);
        var guids = history.Output();
        Assert.NotEqual(guids[0], guids[1]);
        Assert.All(guids, guid => Assert.Equal((5, 8), (guid.Version, guid.Variant & 0xc)));
    }

    [Fact]
    public void An_instance_with_an_open_timer_does_not_complete()
    {
        var history = History<int, int>.Of((context, input) =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            return Task.FromResult(input + 5);
        }).Start(0);
        Assert.Null(history.End);
        history.Turn(history.Fired(0));
        Assert.Equal(5, history.Output());
    }

    [Fact]
    public void A_timer_of_the_host_is_not_ours()
    {
        var history = FanOut().Start(1);
        history.Past.Add(new HistoryEvent.TimerCreated(-100, history.Now, history.Now));
        var result = history.Replay([new HistoryEvent.TimerFired(history.Now, history.Now, -100)]);
        Assert.Empty(result.Actions);
    }

    [Fact]
    public void Concurrent_timers_each_end_at_their_own_answer()
    {
        var history = History<int, string>.Of(async (context, _) =>
        {
            var slow = context.CreateTimer(TimeSpan.FromHours(2), CancellationToken.None);
            var fast = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            var first = await Task.WhenAny(slow, fast);
            await Task.WhenAll(slow, fast);
            return first == fast ? "fast" : "slow";
        }).Start(0);
        history.Turn(history.Fired(1)).Turn(history.Fired(0));
        Assert.Equal("fast", history.Output());
    }

    [Fact]
    public void A_long_timer_is_a_row_of_timers_of_at_most_three_days()
    {
        var history = History<int, DateTimeOffset>.Of(async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
            return context.CurrentUtcTime;
        });
        var start = history.Now;
        history.Start(0);
        List<DateTimeOffset> due = [];
        for (var id = 0; history.End is null; id++)
        {
            var timer = Assert.IsType<OrchestratorAction.CreateTimer>(Assert.Single(history.Last.Actions));
            due.Add(timer.FireAt);
            history.After(timer.FireAt - history.Now).Turn(history.Fired(id));
        }

        Assert.Equal([start.AddDays(3), start.AddDays(6), start.AddDays(7)], due);
    }

    [Fact]
    public void A_sent_event_is_an_action_and_nothing_is_waited_for()
    {
        var target = InstanceId.Parse("other");
        var history = History<int, int>.Of((context, _) =>
        {
            context.SendEvent(target, Word, "hello");
            return Task.FromResult(0);
        }).Start(0);
        var send = Assert.IsType<OrchestratorAction.SendEvent>(history.Last.Actions[0]);
        Assert.Equal((target, "word", "\"hello\""), (send.InstanceId, send.Name, send.Payload));
    }

    [Fact]
    public void A_child_without_a_name_keeps_the_tenant_of_its_parent()
    {
        var child = InstanceId.Parse("acme:import-7").Child(Guid.Empty);
        Assert.Equal("acme:00000000000000000000000000000000", child.Text);
    }

    [Fact]
    public void A_sub_orchestration_answers_with_its_output()
    {
        var history = Parent().Start(4);
        var create = Assert.IsType<OrchestratorAction.CreateSubOrchestration>(Assert.Single(history.Last.Actions));
        Assert.Equal(("child", "4"), (create.Name, create.Input));
        history.Turn(new HistoryEvent.SubOrchestrationCompleted(history.Now, 0, "40"));
        Assert.Equal(40, history.Output());
    }

    [Fact]
    public void A_failed_child_without_details_fails_with_an_unknown_failure()
    {
        var history = Parent().Start(4);
        history.Turn(new HistoryEvent.SubOrchestrationFailed(history.Now, 0, null));
        Assert.Equal(FailureDetails.Unknown, history.Failure().Inner);
    }

    private static History<int, int> Parent() => History<int, int>.Of((context, input) =>
        context.CallSubOrchestrationAsync(new OrchestrationName<int, int>("child"), input));

    private static History<int, string> FanOut() => History<int, string>.Of(async (context, width) =>
    {
        var calls = Enumerable.Range(0, width).Select(number => context.CallActivityAsync(Step, number));
        return string.Join(',', await Task.WhenAll(calls));
    });
}
