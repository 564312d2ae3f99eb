using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Faults;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>What one function does to others, and what a turn cannot survive.</summary>
public sealed class TroubleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_function_that_hangs_takes_an_innocent_turn_with_it()
    {
        var never = new TaskCompletionSource();
        await using var rig = await Rig.StartAsync(
            request => request.Function == "Work" ? HandlerReply.Ok("null")
                : request.Turn().InstanceId == "innocent" ? HandlerReply.Closed with { Wait = never.Task }
                : request.Turn().All().Any(one => one.TaskFailed is not null) ? Answering.Turn(request.Turn(), Answering.Done(1))
                : Answering.Turn(request.Turn(), Answering.Task(0, "Work")),
            with: options => options with { FunctionTimeout = Limit });
        rig.Begin("Flow", "guilty");
        await Rig.UntilAsync(() => rig.Handler.Requests.Any(one => one.Function == "Work"));
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        rig.Begin("Flow", "innocent");
        await Rig.UntilAsync(() => rig.Handler.Requests.Count(one => one.Function == "Flow") == 2);

        rig.Clock.Advance(TimeSpan.FromSeconds(9));
        await rig.IdleAsync();

        Assert.Equal(RuntimeStatus.Completed, rig.State("guilty").OrchestrationStatus);
        Assert.Equal(RuntimeStatus.Failed, rig.State("innocent").OrchestrationStatus);
        Assert.Equal(1, rig.Host.Statistics[Figure.InstancesFailedByHost]);
    }

    [Fact]
    public async Task A_turn_that_hangs_is_asked_again_after_every_time_out_and_never_fails()
    {
        await using var rig = await Rig.StartAsync(
            _ => HandlerReply.Ok("null"), with: options => options with { FunctionTimeout = Limit });
        rig.Begin("Flow", "one");

        for (var turn = 1; turn <= 3; turn++)
        {
            await Rig.UntilAsync(() => rig.Handler.Requests.Count == turn);
            rig.Clock.Advance(Limit);
        }

        await Rig.UntilAsync(() => rig.Host.Statistics[Figure.FunctionTimeouts] == 3);
        Assert.Equal(RuntimeStatus.Pending, rig.State("one").OrchestrationStatus);
    }

    [Theory]
    [InlineData("Status", "Response status code does not indicate success: 413 (Payload Too Large).")]
    [InlineData("Refuse", "Connection refused")]
    [InlineData("EmptyReturn", "The function invocation resulted in a null response.")]
    [InlineData("KillWhileRunning", "An error occurred while sending the request.")]
    public async Task A_fault_in_the_second_turn_fails_the_instance_for_good(string fault, string because)
    {
        await using var rig = await Rig.StartAsync(request => request.Function == "Work" ? HandlerReply.Returns("1")
            : request.Turn().PastEvents.Count > 0 ? Answering.Turn(request.Turn(), Answering.Done(1))
            : Answering.Turn(request.Turn(), Answering.Task(0, "Work")));
        rig.Host.Faults.Add(new FaultRule(Enum.Parse<FaultKind>(fault), "Flow", Skip: 1, Status: 413));

        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        var state = rig.State("one");
        Assert.Equal(RuntimeStatus.Failed, state.OrchestrationStatus);
        Assert.Contains(because, state.Output, StringComparison.Ordinal);
        Assert.Equal(1, rig.Host.Statistics[Figure.FaultsInjected]);
    }

    [Fact]
    public async Task A_redirect_is_followed_without_the_body()
    {
        string? told = null;
        await using var rig = await Rig.StartAsync(request =>
        {
            if (request.Function == "Work")
            {
                return HandlerReply.Of(302, "Found", null, "", "Location: /There\r\n");
            }

            if (request.Target == "/There")
            {
                return HandlerReply.Returns("\"there\"");
            }

            told = request.Turn().NewEvents.FirstOrDefault(one => one.TaskCompleted is not null)?.TaskCompleted.Result;
            return told is null ? Answering.Turn(request.Turn(), Answering.Task(0, "Work")) : Answering.Turn(request.Turn(), Answering.Done(1));
        });

        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.Equal("\"there\"", told);
        var followed = rig.Handler.Requests.Single(one => one.Target == "/There");
        Assert.Equal(("GET", 0), (followed.Method, followed.Body.Length));
    }

    [Fact]
    public async Task An_input_that_is_no_json_never_reaches_the_activity()
    {
        await using var rig = await Rig.StartAsync(request => request.Turn().NewEvents.Any(one => one.TaskFailed is not null)
            ? Answering.Turn(request.Turn(), Answering.Done(1))
            : Answering.Turn(request.Turn(), Answering.Task(0, "Work", "{oops")));

        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        Assert.DoesNotContain(rig.Handler.Requests, one => one.Function == "Work");
        Assert.Equal(RuntimeStatus.Completed, rig.State("one").OrchestrationStatus);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_instance_is_restarted_from_its_beginning(bool underNewId)
    {
        var isBroken = true;
        await using var rig = await Rig.StartAsync(
            request => isBroken ? HandlerReply.Closed : Answering.Turn(request.Turn(), Answering.Done(0, "1")));
        rig.Begin("Flow", "one", "\"in\"");
        await rig.IdleAsync();

        isBroken = false;
        var id = rig.Hub.Restart(new RestartInstanceRequest { InstanceId = "one", RestartWithNewInstanceId = underNewId });
        await rig.IdleAsync();

        Assert.Equal(underNewId, id != "one");
        Assert.Equal((RuntimeStatus.Completed, "\"in\""), (rig.State(id).OrchestrationStatus, rig.State(id).Input));
    }

    [Fact]
    public async Task A_fake_storage_goes_on_under_another_host()
    {
        await using var first = await Rig.StartAsync(request => Answering.Turn(request.Turn()));
        first.Begin("Flow", "one");
        await first.IdleAsync();
        await first.Host.StopAsync();

        await using var second = await Rig.StartAsync(
            request => Answering.Turn(request.Turn(), Answering.Done(0)),
            with: options => options with { Storage = first.Host.Storage, Extension = ExtensionVersion.Two });
        second.Hub.Raise(new RaiseEventRequest { InstanceId = "one", Name = "end" });
        await second.IdleAsync();

        Assert.Equal(RuntimeStatus.Completed, second.State("one").OrchestrationStatus);
    }
}
