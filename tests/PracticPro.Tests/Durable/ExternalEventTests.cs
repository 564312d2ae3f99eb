using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

public sealed class ExternalEventTests
{
    private static readonly EventName<string> Word = new("word");
    private static readonly ActivityName<int, int> Step = new("step");
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public void An_event_is_taken_whatever_the_case_of_its_name()
    {
        var history = History<int, string>.Of((context, _) => context.WaitForExternalEvent(Word, Never)).Start(0);
        history.Turn(history.Raised("WORD", "yes"));
        Assert.Equal("yes", history.Output());
    }

    [Fact]
    public void Events_before_their_waiter_are_handed_out_oldest_first()
    {
        var history = History<int, string>.Of(async (context, _) =>
        {
            await context.CallActivityAsync(Step, 0);
            return await context.WaitForExternalEvent(Word, Never) + await context.WaitForExternalEvent(Word, Never);
        }).Start(0);
        history.Turn(history.Raised("word", "a"), history.Raised("Word", "b")).Turn(history.Done(0, 0));
        Assert.Equal("ab", history.Output());
    }

    [Fact]
    public void Of_several_waiters_the_oldest_is_served_first()
    {
        var history = History<int, string>.Of(async (context, _) =>
        {
            var first = context.WaitForExternalEvent(Word, Never);
            var second = context.WaitForExternalEvent(Word, Never);
            return $"{await first},{await second}";
        }).Start(0);
        history.Turn(history.Raised("word", "a")).Turn(history.Raised("word", "b"));
        Assert.Equal("a,b", history.Output());
    }

    [Fact]
    public void A_cancelled_waiter_is_passed_over_and_loses_no_event()
    {
        var history = History<int, string>.Of(async (context, _) =>
        {
            using var source = new CancellationTokenSource();
            var cancelled = context.WaitForExternalEvent(Word, source.Token);
            var second = context.WaitForExternalEvent(Word, Never);
            await context.CallActivityAsync(Step, 0);
            source.Cancel();
            return $"{cancelled.IsCanceled},{await second}";
        }).Start(0);
        history.Turn(history.Done(0, 0), history.Raised("word", "a"));
        Assert.Equal("True,a", history.Output());
    }

    [Fact]
    public void Events_of_other_names_stay_for_their_own_waiters()
    {
        var history = History<int, string>.Of(async (context, _) =>
            await context.WaitForExternalEvent(new EventName<string>("second"), Never)
            + await context.WaitForExternalEvent(new EventName<string>("first"), Never)).Start(0);
        history.Turn(history.Raised("first", "1"), history.Raised("second", "2"));
        Assert.Equal("21", history.Output());
    }

    [Fact]
    public void An_event_in_time_wins_over_the_timeout()
    {
        var history = WithTimeout().Start(0);
        history.Turn(history.Raised("word", "yes"));
        Assert.Equal("True yes", history.Output());
    }

    [Fact]
    public void A_timeout_wins_over_a_later_event()
    {
        var history = WithTimeout().Start(0);
        history.Turn(history.Fired(0), history.Raised("word", "late"));
        Assert.Equal("False ", history.Output());
    }

    [Fact]
    public void A_cancelled_wait_wins_over_event_and_timeout()
    {
        var history = History<int, string>.Of(async (context, _) =>
        {
            using var source = new CancellationTokenSource();
            var wait = context.WaitForExternalEvent(Word, TimeSpan.FromHours(1), source.Token);
            await context.CallActivityAsync(Step, 0);
            source.Cancel();
            try
            {
                await wait;
                return "ended";
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
        }).Start(0);
        history.Turn(history.Done(1, 0), history.Raised("word", "late"), history.Fired(0));
        Assert.Equal("cancelled", history.Output());
    }

    [Fact]
    public void A_waiting_event_needs_no_timer()
    {
        var history = History<int, string>.Of(async (context, _) =>
        {
            await context.CallActivityAsync(Step, 0);
            var word = await context.WaitForExternalEvent(Word, TimeSpan.FromHours(1), Never);
            return word.Value ?? "";
        }).Start(0);
        history.Turn(history.Raised("word", "early")).Turn(history.Done(0, 0));
        Assert.IsType<OrchestratorAction.CompleteOrchestration>(Assert.Single(history.Last.Actions));
    }

    [Fact]
    public void An_event_that_does_not_read_fails_its_waiter()
    {
        var history = History<int, string>.Of((context, _) => context.WaitForExternalEvent(Word, Never)).Start(0);
        history.Turn(history.Raised("word", 5));
        Assert.Equal("System.Text.Json.JsonException", history.Failure().Type);
    }

    private static History<int, string> WithTimeout() => History<int, string>.Of(async (context, _) =>
    {
        var word = await context.WaitForExternalEvent(Word, TimeSpan.FromHours(1), Never);
        return $"{word.Arrived} {word.Value}";
    });
}
