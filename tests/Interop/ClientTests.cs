using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace PracticPro.Interop;

/// <summary>What Microsoft's client asks of our hub.</summary>
public sealed class ClientTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const string Name = "waits";

    private static readonly Action<DurableTaskRegistry> Tasks = tasks => tasks
        .AddOrchestratorFunc<bool, string>(Name, async (context, fails) =>
        {
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEvent<string>("event");
            return fails ? throw new InvalidOperationException("asked to") : "done";
        });

    private static readonly OrchestrationRuntimeStatus[] Final =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    [Fact]
    public async Task Inputs_and_outputs_are_shown_only_when_asked_for()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var id = await StartedAsync(stranger, fails: true);
        await stranger.Client.RaiseEventAsync(id, "event", cancellation: Stranger.Cancellation);
        await stranger.EndAsync(id);

        var bare = await stranger.Client.GetInstanceAsync(id, getInputsAndOutputs: false, Stranger.Patience);
        var full = await stranger.Client.GetInstanceAsync(id, getInputsAndOutputs: true, Stranger.Patience);

        Assert.Equal((Name, OrchestrationRuntimeStatus.Failed), (bare!.Name, bare.RuntimeStatus));
        Assert.Null(bare.SerializedInput);
        Assert.Null(bare.FailureDetails);
        Assert.Equal("true", full!.SerializedInput);
        Assert.Equal("asked to", full.FailureDetails!.ErrorMessage);
    }

    [Fact]
    public async Task A_missing_instance_is_none_and_nothing_can_be_done_to_it()
    {
        await using var client = await Stranger.ConnectAsync(fixture.Hub, null);

        Assert.Null(await client.Client.GetInstanceAsync("nobody", Stranger.Patience));
        await MeetsAsync(StatusCode.NotFound, () => client.Client.RaiseEventAsync("nobody", "event", cancellation: Stranger.Patience));
        await MeetsAsync(StatusCode.NotFound, () => client.Client.TerminateInstanceAsync("nobody", cancellation: Stranger.Patience));
        Assert.Equal(0, (await client.Client.PurgeInstanceAsync("nobody", Stranger.Patience)).PurgedInstanceCount);
    }

    [Fact]
    public async Task A_list_comes_in_pages_that_can_be_resumed()
    {
        await using var client = await Stranger.ConnectAsync(fixture.Hub, null);
        for (var number = 0; number < 21; number++)
        {
            await client.Client.ScheduleNewOrchestrationInstanceAsync(
                "nobody-runs-this", "input", new StartOrchestrationOptions($"pages-{number}"), Stranger.Patience);
        }

        var list = client.Client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = "pages-" });
        var pages = await list.AsPages(pageSizeHint: 5).ToListAsync(Stranger.Patience);
        var resumed = await list.AsPages(pages[1].ContinuationToken, pageSizeHint: 4).ToListAsync(Stranger.Patience);

        Assert.Equal([5, 5, 5, 5, 1], pages.Select(page => page.Values.Count));
        Assert.Equal([4, 4, 3], resumed.Select(page => page.Values.Count));
        Assert.Equal(
            pages.Skip(2).SelectMany(page => page.Values).Select(one => one.InstanceId),
            resumed.SelectMany(page => page.Values).Select(one => one.InstanceId));
        Assert.Empty(await client.Client.GetAllInstancesAsync(new OrchestrationQuery
        {
            InstanceIdPrefix = "pages-",
            Statuses = [OrchestrationRuntimeStatus.Completed],
        }).ToListAsync(Stranger.Patience));
    }

    [Fact]
    public async Task A_suspended_instance_keeps_its_events_until_it_is_resumed()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var id = await StartedAsync(stranger);

        await stranger.Client.SuspendInstanceAsync(id, "a moment", Stranger.Patience);
        await stranger.UntilAsync(id, OrchestrationRuntimeStatus.Suspended);
        await stranger.Client.RaiseEventAsync(id, "event", cancellation: Stranger.Cancellation);
        await stranger.Client.ResumeInstanceAsync(id, null, Stranger.Patience);
        var end = await stranger.EndAsync(id);
        await stranger.Client.SuspendInstanceAsync(id, "too late", Stranger.Patience);

        Assert.Equal("done", end.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await stranger.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task A_terminated_instance_ends_with_the_output_it_was_given()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var id = await StartedAsync(stranger);

        await stranger.Client.TerminateInstanceAsync(id, new { why = "asked" }, Stranger.Patience);
        var end = await stranger.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("""{"why":"asked"}""", end.SerializedOutput);
        await MeetsAsync(
            StatusCode.FailedPrecondition, () => stranger.Client.TerminateInstanceAsync(id, cancellation: Stranger.Patience));
    }

    [Fact]
    public async Task Termination_reaches_the_children_when_it_is_to()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks =>
        {
            Tasks(tasks);
            tasks.AddOrchestratorFunc("parent", context => context.CallSubOrchestratorAsync(
                Name, false, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child")));
        });
        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync("parent", Stranger.Patience);
        await stranger.UntilAsync($"{id}-child", OrchestrationRuntimeStatus.Running);

        await stranger.Client.TerminateInstanceAsync(
            id, new TerminateInstanceOptions(Output: "over", Recursive: true), Stranger.Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await stranger.EndAsync(id)).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await stranger.EndAsync($"{id}-child")).RuntimeStatus);
        var purged = await stranger.Client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true), Stranger.Patience);
        Assert.Equal(2, purged.PurgedInstanceCount);
        Assert.Null(await stranger.Client.GetInstanceAsync($"{id}-child", Stranger.Patience));
    }

    [Fact]
    public async Task Purging_takes_completed_instances_and_leaves_the_others()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var before = TimeProvider.System.GetUtcNow();
        var (done, alive) = (await StartedAsync(stranger), await StartedAsync(stranger));
        await stranger.Client.RaiseEventAsync(done, "event", cancellation: Stranger.Cancellation);
        await stranger.EndAsync(done);

        Assert.Equal(0, (await stranger.Client.PurgeInstanceAsync(alive, Stranger.Patience)).PurgedInstanceCount);
        var result = await stranger.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(before, TimeProvider.System.GetUtcNow(), [OrchestrationRuntimeStatus.Completed]), Stranger.Patience);

        Assert.Equal(1, result.PurgedInstanceCount);
        Assert.Null(await stranger.Client.GetInstanceAsync(done, Stranger.Patience));
        Assert.NotNull(await stranger.Client.GetInstanceAsync(alive, Stranger.Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_completed_instance_runs_again_with_its_first_input(bool anew)
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var id = await StartedAsync(stranger);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stranger.Client.RestartAsync(id, false, Stranger.Patience));
        await stranger.Client.RaiseEventAsync(id, "event", cancellation: Stranger.Cancellation);
        await stranger.EndAsync(id);

        var again = await stranger.Client.RestartAsync(id, anew, Stranger.Patience);
        await stranger.Client.RaiseEventAsync(again, "event", cancellation: Stranger.Cancellation);
        var end = await stranger.EndAsync(again);

        Assert.Equal(anew, again != id);
        Assert.Equal(("done", "false", Name), (end.ReadOutputAs<string>(), end.SerializedInput, end.Name));
        await Assert.ThrowsAsync<ArgumentException>(() => stranger.Client.RestartAsync("nobody", false, Stranger.Patience));
    }

    [Fact]
    public async Task An_id_in_use_is_refused_unless_its_state_may_be_replaced()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var id = await StartedAsync(stranger);
        StartOrchestrationOptions keepsAll = new(id);
        StartOrchestrationOptions keepsFinal = keepsAll.WithDedupeStatuses(Final);
        StartOrchestrationOptions keepsLive = keepsAll.WithDedupeStatuses(
            OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended);

        await RefusesAsync(stranger, keepsAll);
        await RefusesAsync(stranger, keepsLive);
        await stranger.Client.ScheduleNewOrchestrationInstanceAsync(Name, true, keepsFinal, Stranger.Patience);
        await stranger.Client.RaiseEventAsync(id, "event", cancellation: Stranger.Cancellation);
        var second = await stranger.EndAsync(id);
        await RefusesAsync(stranger, keepsFinal);
        await stranger.Client.ScheduleNewOrchestrationInstanceAsync(Name, false, keepsLive, Stranger.Patience);
        await stranger.Client.RaiseEventAsync(id, "event", cancellation: Stranger.Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, second.RuntimeStatus);
        Assert.Equal("done", (await stranger.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_history_of_an_instance_can_be_read()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var id = await StartedAsync(stranger);
        await stranger.Client.RaiseEventAsync(id, "event", "payload", Stranger.Cancellation);
        await stranger.EndAsync(id);

        var history = await stranger.Client.GetOrchestrationHistoryAsync(id, Stranger.Patience);

        Assert.Equal("OrchestratorStarted", history[0].EventType.ToString());
        Assert.Contains(history, happened => happened is DurableTask.Core.History.EventRaisedEvent { Name: "event", Input: "\"payload\"" });
        Assert.Contains(history, happened => happened is DurableTask.Core.History.ExecutionCompletedEvent { Result: "\"done\"" });
    }

    [Fact]
    public async Task Ids_are_listed_by_state()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, Tasks);
        var id = await StartedAsync(stranger);

        var running = await stranger.Client.ListInstanceIdsAsync(
            [OrchestrationRuntimeStatus.Running], pageSize: 500, cancellation: Stranger.Patience);
        var failed = await stranger.Client.ListInstanceIdsAsync(
            [OrchestrationRuntimeStatus.Suspended], pageSize: 500, cancellation: Stranger.Patience);

        Assert.Contains(id, running.Values);
        Assert.Empty(failed.Values);
    }

    private static async Task<string> StartedAsync(Stranger stranger, bool fails = false)
    {
        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync(Name, fails, Stranger.Patience);
        await stranger.Client.WaitForInstanceStartAsync(id, Stranger.Patience);
        return id;
    }

    private static Task<OrchestrationAlreadyExistsException> RefusesAsync(Stranger stranger, StartOrchestrationOptions options) =>
        Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => stranger.Client.ScheduleNewOrchestrationInstanceAsync(Name, false, options, Stranger.Patience));

    private static async Task MeetsAsync(StatusCode status, Func<Task> call) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
}
