using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Durable;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>The engine under trouble: what is lost for good, what is not, and what comes twice.</summary>
public sealed class EngineTests
{
    public static IEnumerable<TheoryDataRow<string>> FailedTurns => GoldenFiles.Kinds("failed-turns.json");

    [Theory]
    [MemberData(nameof(FailedTurns))]
    public async Task A_turn_without_a_usable_answer_fails_the_instance_for_good(string kind)
    {
        var golden = GoldenFiles.Of("failed-turns.json", kind);
        var name = golden["message"]!.GetValue<string>().Split('\'')[1];
        await using var rig = await Rig.StartAsync(
            _ => kind switch
            {
                "orchestrator-500" => HandlerReply.Of(500, "Orch Broke", "text/plain", "boom in turn"),
                "orchestrator-empty-response" => HandlerReply.Returns("\"\""),
                _ => HandlerReply.Closed,
            },
            [Function.Of(name, "orchestrationTrigger", "context")]);

        rig.Begin(name, "one");
        await rig.IdleAsync();

        var state = rig.State("one");
        Assert.Equal(RuntimeStatus.Failed, state.OrchestrationStatus);
        Assert.Null(state.FailureDetails);
        var output = System.Text.Json.Nodes.JsonNode.Parse(state.Output)!;
        Assert.Equal(golden["message"]!.GetValue<string>(), output["message"]!.GetValue<string>());
        var details = output["details"]!.GetValue<string>().Split('\n').Where(line => !line.StartsWith("   ", StringComparison.Ordinal));
        Assert.Equal(golden["details"]!.AsArray().Select(line => line!.GetValue<string>()), details);
        Assert.Equal(1, rig.Host.Statistics[Figure.Turns]);
    }

    [Fact]
    public async Task A_failed_instance_is_asked_again_from_where_it_failed_when_it_is_rewound()
    {
        var isBroken = true;
        await using var rig = await Rig.StartAsync(request =>
            request.Function != "Flow" ? HandlerReply.Returns("\"ok\"")
            : request.Turn().All().Any(one => one.TaskCompleted is not null)
                ? isBroken ? HandlerReply.Closed : Answering.Turn(request.Turn(), Answering.Done(1, "1"))
                : Answering.Turn(request.Turn(), Answering.Task(0, "Work")));
        rig.Begin("Flow", "one");
        await rig.IdleAsync();
        Assert.Equal(RuntimeStatus.Failed, rig.State("one").OrchestrationStatus);

        isBroken = false;
        rig.Hub.Rewind(new RewindInstanceRequest { InstanceId = "one", Reason = "again" });
        await rig.IdleAsync();

        Assert.Equal(RuntimeStatus.Completed, rig.State("one").OrchestrationStatus);
        Assert.Equal(1, rig.Host.Statistics[Figure.Activities]);
    }

    [Fact]
    public async Task What_was_in_flight_when_the_host_stopped_runs_again_on_the_next_one()
    {
        var release = new TaskCompletionSource();
        await using var rig = await Rig.StartAsync(request => request.Function == "Flow"
            ? request.Turn().All().Any(one => one.TaskCompleted is not null)
                ? Answering.Turn(request.Turn(), Answering.Done(1))
                : Answering.Turn(request.Turn(), Answering.Task(0, "Work"))
            : HandlerReply.Returns("1") with { Wait = release.Task });
        rig.Begin("Flow", "one");
        await Rig.UntilAsync(() => rig.Handler.Requests.Any(one => one.Function == "Work"));
        var before = rig.Host.GrpcAddress;

        await rig.Host.StopAsync();
        release.SetResult();
        await rig.Host.RestartAsync(TestContext.Current.CancellationToken);
        await rig.IdleAsync();

        Assert.Equal(RuntimeStatus.Completed, rig.State("one").OrchestrationStatus);
        Assert.Equal(2, rig.Handler.Requests.Count(one => one.Function == "Work"));
        Assert.NotEqual(before, rig.Host.GrpcAddress);
    }

    [Fact]
    public async Task An_activity_that_nobody_declared_fails_without_details()
    {
        Event? told = null;
        await using var rig = await Rig.StartAsync(request =>
        {
            told = request.Turn().NewEvents.FirstOrDefault(one => one.TaskFailed is not null) ?? told;
            return told is null
                ? Answering.Turn(request.Turn(), Answering.Task(0, "Nobody"))
                : Answering.Turn(request.Turn(), Answering.Done(1));
        });

        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.Null(told!.TaskFailed.FailureDetails);
    }

    [Fact]
    public async Task An_action_that_the_extension_does_not_know_fails_the_instance()
    {
        await using var rig = await Rig.StartAsync(
            request => Answering.Turn(request.Turn(), new PracticPro.Durable.Wire.Action { Id = 0 }));

        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.Contains("System.NotSupportedException", rig.State("one").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_is_answered_with_other_bytes_the_second_time_fails_the_instance()
    {
        var asked = 0;
        await using var rig = await Rig.StartAsync(
            request => Answering.Turn(request.Turn(), Answering.Done(0, $"{asked++}")),
            with: options => options with { RepeatsTurns = true });

        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.Equal(RuntimeStatus.Failed, rig.State("one").OrchestrationStatus);
        Assert.Equal(1, rig.Host.Statistics[Figure.TurnsDiffering]);
    }

    [Theory]
    [InlineData("Three", "Completed")]
    [InlineData("Two", "Running")]
    public async Task A_turn_that_wants_the_whole_history_is_put_off_by_extension_3_alone(string extension, string end)
    {
        var asked = 0;
        await using var rig = await Rig.StartAsync(
            request => asked++ == 0
                ? Answering.Turn(new OrchestratorResponse { InstanceId = "one", RequiresHistory = true })
                : Answering.Turn(request.Turn(), Answering.Done(0)),
            with: options => options with { Extension = Enum.Parse<ExtensionVersion>(extension) });

        rig.Begin("Flow", "one");
        await rig.IdleAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await Rig.UntilAsync(() => rig.State("one").OrchestrationStatus.ToString() == end);
        await rig.IdleAsync();

        Assert.Equal(end, rig.State("one").OrchestrationStatus.ToString());
    }

    [Fact]
    public async Task Completions_arrive_twice_and_activities_run_twice_when_the_plan_says_so()
    {
        await using var rig = await Rig.StartAsync(request => request.Function == "Flow"
            ? request.Turn().All().Count(one => one.TaskCompleted is not null) >= 4
                ? Answering.Turn(request.Turn(), Answering.Done(2))
                : request.Turn().PastEvents.Count == 0
                    ? Answering.Turn(request.Turn(), Answering.Task(0, "Work"), Answering.Task(1, "Work"))
                    : Answering.Turn(request.Turn())
            : HandlerReply.Returns("1"));
        rig.Host.Faults.DuplicateMessages = 100;

        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.Equal(RuntimeStatus.Completed, rig.State("one").OrchestrationStatus);
        Assert.Equal(2, rig.Host.Statistics[Figure.Activities]);
        Assert.True(rig.Host.Statistics[Figure.DuplicatesInjected] >= 2);
    }
}
