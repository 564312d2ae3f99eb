using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Protocol;

/// <summary>What an engine's events say, once its way of saying it is known.</summary>
public sealed class WireDialectTests
{
    private static readonly Timestamp At = Timestamp.FromDateTimeOffset(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_activitys_output_comes_out_of_its_envelope()
    {
        var read = Read(WireDialect.Functions, Completed(ActivityAnswer.Seal("{\"page\":\"2026-01-05T09:00:00+01:00\"}")));

        Assert.Equal("{\"page\":\"2026-01-05T09:00:00+01:00\"}", Assert.IsType<HistoryEvent.TaskCompleted>(read).Result);
    }

    [Fact]
    public void An_activity_that_gave_nothing_gives_nothing()
    {
        var read = Read(WireDialect.Functions, Completed(ActivityAnswer.Seal((string?)null)));

        Assert.Null(Assert.IsType<HistoryEvent.TaskCompleted>(read).Result);
    }

    [Fact]
    public void An_activitys_failure_keeps_type_code_and_whether_to_try_again()
    {
        var failure = new FailureDetails("a.Type", "mailbox-gone", NonRetriable: true);

        var read = Read(WireDialect.Functions, Completed(ActivityAnswer.Seal(failure)));

        Assert.Equal(failure, Assert.IsType<HistoryEvent.TaskFailed>(read).Failure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("\"ok\"")]
    [InlineData("{\"v\":1}")]
    [InlineData("\"{\\\"v\\\":2,\\\"output\\\":1}\"")]
    [InlineData("not json")]
    public void An_answer_in_another_form_is_a_failure_that_no_repeat_mends(string? result)
    {
        var read = Read(WireDialect.Functions, new Event { Timestamp = At, TaskCompleted = new() { Result = result } });

        var failure = Assert.IsType<HistoryEvent.TaskFailed>(read).Failure!;
        Assert.Equal((FailureCodes.AnswerUnreadable, true), (failure.Code, failure.NonRetriable));
    }

    [Theory]
    [InlineData("Microsoft.Azure.WebJobs.Host.FunctionInvocationException")]
    [InlineData("Microsoft.Azure.WebJobs.Host.FunctionTimeoutException")]
    [InlineData("System.Net.Http.HttpRequestException")]
    public void A_failure_of_the_hosts_own_means_that_the_call_was_lost(string type)
    {
        var wire = new Event
        {
            Timestamp = At,
            TaskFailed = new() { FailureDetails = new() { ErrorType = type, ErrorMessage = "Exception while executing: x", StackTrace = "at" } },
        };

        var failure = Assert.IsType<HistoryEvent.TaskFailed>(Read(WireDialect.Functions, wire)).Failure!;

        Assert.Equal((FailureCodes.DeliveryLost, false), (failure.Code, failure.NonRetriable));
        Assert.Null(failure.Detail);
    }

    [Fact]
    public void A_child_whose_turn_was_given_up_was_lost()
    {
        var wire = new Event
        {
            Timestamp = At,
            SubOrchestrationFailed = new()
            {
                FailureDetails = WireFailures.ToWire(FailureDetails.OfEngine(FailureCodes.TurnAbandoned)),
            },
        };

        var failure = Assert.IsType<HistoryEvent.SubOrchestrationFailed>(Read(WireDialect.Functions, wire)).Failure!;

        Assert.Equal((FailureCodes.DeliveryLost, false), (failure.Code, failure.NonRetriable));
    }

    [Fact]
    public void Elsewhere_an_answer_is_taken_as_it_is()
    {
        var read = Read(WireDialect.Plain, new Event { Timestamp = At, TaskCompleted = new() { Result = "\"ok\"" } });

        Assert.Equal("\"ok\"", Assert.IsType<HistoryEvent.TaskCompleted>(read).Result);
    }

    [Fact]
    public void An_event_that_came_twice_under_one_delivery_id_is_one_event()
    {
        var once = Raised(EventDelivery.Seal(DeliveryId.Parse("a"), "1"));
        var other = Raised(EventDelivery.Seal(DeliveryId.Parse("b"), "1"));

        var read = WireDialect.Plain.Read([once, other, once], []).Cast<HistoryEvent.EventRaised>().ToList();

        Assert.Equal(["1", "1"], read.Select(raised => raised.Input));
    }

    [Theory]
    [InlineData("5")]
    [InlineData(null)]
    [InlineData("{\"$delivery\":\"a\"")]
    [InlineData("{\"$delivery\":\"a\",\"payload\":1,\"more\":2}")]
    public void An_event_without_our_envelope_is_taken_as_it_is(string? input)
    {
        var read = WireDialect.Plain.Read([Raised(input), Raised(input)], []).Cast<HistoryEvent.EventRaised>().ToList();

        Assert.Equal([input, input], read.Select(raised => raised.Input));
    }

    private static Event Raised(string? input) => new() { Timestamp = At, EventRaised = new() { Name = "go", Input = input } };

    // As the host stores it: the answer's text as a JSON string.
    private static Event Completed(string answer) =>
        new() { Timestamp = At, TaskCompleted = new() { Result = JsonSerializer.Serialize(answer) } };

    private static HistoryEvent Read(WireDialect dialect, Event wire) => Assert.Single(dialect.Read([wire], []));
}
