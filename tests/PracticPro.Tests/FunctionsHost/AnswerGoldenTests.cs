using System.Text.Json.Nodes;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Faults;
using PracticPro.FunctionsHost.Handler;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>What a handler answers to an activity becomes what it became under the real host.</summary>
public sealed class AnswerGoldenTests
{
    public static IEnumerable<TheoryDataRow<string>> Results => GoldenFiles.Kinds("activity-results.json");

    public static IEnumerable<TheoryDataRow<string>> Failures => GoldenFiles.Kinds("activity-failures.json");

    [Theory]
    [MemberData(nameof(Results))]
    public async Task A_return_value_becomes_the_captured_result(string kind)
    {
        var golden = GoldenFiles.Of("activity-results.json", kind);

        var told = await CompletionAsync(HandlerReply.Ok(golden["answer"]!.GetValue<string>()));

        Assert.Equal(golden["result"]?.GetValue<string>(), told.TaskCompleted.Result);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_bad_answer_becomes_the_captured_failure(string kind)
    {
        var golden = GoldenFiles.Of("activity-failures.json", kind);

        var told = await CompletionAsync(Reply(golden["answer"]), "Bad");

        Assert.Equal(golden["result"]?.GetValue<string>(), told.TaskCompleted?.Result);
        AssertSame(golden["failure"], told.TaskFailed?.FailureDetails);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    public async Task An_empty_answer_hangs_until_the_function_time_is_over_and_kills_the_handler(string body)
    {
        await using var rig = await Rig.StartAsync(
            request => request.Function == "Flow" ? FlowTurn(request.Turn(), "Work") : HandlerReply.Ok(body),
            with: options => options with { FunctionTimeout = TimeSpan.FromSeconds(20) });
        rig.Begin("Flow", "flow-1");
        await Rig.UntilAsync(() => rig.Handler.Requests.Any(one => one.Function == "Work"));

        rig.Clock.Advance(TimeSpan.FromSeconds(20));
        await rig.IdleAsync();

        var failure = rig.State("flow-1").Output;
        Assert.Equal(
            "Microsoft.Azure.WebJobs.Host.FunctionTimeoutException: Timeout value of 00:00:20 was exceeded by function: Functions.Work",
            failure);
        Assert.Equal(1, ((AttachedHandler)rig.Host.Options.Handler!).Restarts);
    }

    [Theory]
    [InlineData("Refuse", "Connection refused", "System.Net.Sockets.SocketException")]
    [InlineData("Close", "An error occurred while sending the request.", "System.Net.Http.HttpIOException")]
    [InlineData("KillAfterAnswer", "An error occurred while sending the request.", "System.Net.Http.HttpIOException")]
    [InlineData("KillWhileRunning", "An error occurred while sending the request.", "System.Net.Http.HttpIOException")]
    public async Task An_injected_loss_of_an_activity_looks_like_a_real_one(string fault, string message, string inner)
    {
        var told = await CompletionAsync(HandlerReply.Returns("1"), "Work", Enum.Parse<FaultKind>(fault));

        var failure = told.TaskFailed.FailureDetails.InnerFailure;
        Assert.Equal("System.Net.Http.HttpRequestException", failure.ErrorType);
        Assert.StartsWith(message, failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(inner, failure.InnerFailure.ErrorType);
    }

    // One activity, and the event that tells of its end.
    private static async Task<Event> CompletionAsync(HandlerReply reply, string activity = "Work", FaultKind? fault = null)
    {
        Event? told = null;
        await using var rig = await Rig.StartAsync(
            request =>
            {
                if (request.Function != "Flow")
                {
                    return reply;
                }

                var turn = request.Turn();
                told = turn.NewEvents.FirstOrDefault(IsCompletion) ?? told;
                return told is null ? Answering.Turn(turn, Answering.Task(0, activity)) : Answering.Turn(turn, Answering.Done(1));
            },
            [.. Rig.Usual, Function.Of("Bad", "activityTrigger", "input")]);
        if (fault is { } kind)
        {
            rig.Host.Faults.Add(new FaultRule(kind, activity));
        }

        rig.Begin("Flow", "flow-1");
        await rig.IdleAsync();
        Assert.Equal(RuntimeStatus.Completed, rig.State("flow-1").OrchestrationStatus);
        return told!;
    }

    private static HandlerReply FlowTurn(OrchestratorRequest turn, string activity) =>
        turn.NewEvents.FirstOrDefault(IsCompletion) is not { } told ? Answering.Turn(turn, Answering.Task(0, activity))
        : Answering.Turn(turn, Answering.Done(
            1, $"{told.TaskFailed.FailureDetails.ErrorType}: {told.TaskFailed.FailureDetails.ErrorMessage}"));

    private static bool IsCompletion(Event one) => one.KindCase is Event.KindOneofCase.TaskCompleted or Event.KindOneofCase.TaskFailed;

    private static HandlerReply Reply(JsonNode? answer) => answer is null ? HandlerReply.Closed : HandlerReply.Of(
        answer["status"]!.GetValue<int>(),
        answer["reason"]!.GetValue<string>(),
        answer["headers"]!.AsArray().FirstOrDefault(one => one![0]!.GetValue<string>() == "Content-Type")?[1]!.GetValue<string>(),
        answer["body"]!.GetValue<string>());

    private static void AssertSame(JsonNode? golden, Failure? failure)
    {
        Assert.Equal(golden?["type"]!.GetValue<string>(), failure?.ErrorType);
        Assert.Equal(golden?["message"]!.GetValue<string>(), failure?.ErrorMessage);
        if (golden is not null)
        {
            AssertSame(golden["inner"], failure!.InnerFailure);
        }
    }
}
