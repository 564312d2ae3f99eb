using Grpc.Core;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>To whom work goes, how much of it, and how it comes back.</summary>
public sealed class DispatchTests
{
    [Fact]
    public async Task A_worker_never_has_more_turns_than_places()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync(turns: 2);
        for (var number = 0; number < 3; number++)
        {
            await served.StartInstanceAsync("any");
        }

        var first = await worker.NextAsync();
        await worker.NextAsync();
        await InHandAsync(served, 2);
        await worker.Answer(first, RawWorker.End(0));

        Assert.NotNull((await worker.NextAsync()).OrchestratorRequest);
    }

    [Fact]
    public async Task A_worker_never_has_more_activities_than_places()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync(activities: 1);
        await served.StartInstanceAsync("any");
        await worker.Answer(await worker.NextAsync(), RawWorker.Call(0, "one"), RawWorker.Call(1, "two"));

        var first = await worker.NextAsync();
        await InHandAsync(served, 1);
        await worker.AnswerActivity(first, null);
        List<Wire.WorkItem> rest = [await worker.NextAsync(), await worker.NextAsync()];

        Assert.Contains(rest, item => item.ActivityRequest?.Name == "two");
    }

    [Fact]
    public async Task A_worker_without_places_for_turns_gets_activities_only()
    {
        await using var served = await ServedFixture.StartAsync();
        using var turns = await served.ConnectAsync(activities: 0);
        using var activities = await served.ConnectAsync(turns: 0);
        await served.StartInstanceAsync("any");

        await turns.Answer(await turns.NextAsync(), RawWorker.Call(0, "one"));

        Assert.Equal("one", (await activities.NextAsync()).ActivityRequest.Name);
    }

    [Fact]
    public async Task A_turn_goes_to_the_holder_of_its_partition_and_always_the_same_one()
    {
        await using var served = await ServedFixture.StartAsync();
        using var one = await served.ConnectAsync();
        using var other = await served.ConnectAsync();

        // The first to come keeps the upper half of the partitions: these ids are in 20 and 15.
        await served.StartInstanceAsync("any", "tenant-1:sync");
        await served.StartInstanceAsync("any", "one");
        var (turn, elsewhere) = (await one.NextAsync(), await other.NextAsync());
        for (var round = 0; round < 3; round++)
        {
            var id = turn.OrchestratorRequest.InstanceId;
            await one.Answer(turn);
            await served.Client.RaiseEventAsync(new() { InstanceId = id, Name = "again" }, cancellationToken: ServedFixture.Cancellation);
            turn = await one.NextAsync();
            Assert.Equal(id, turn.OrchestratorRequest.InstanceId);
        }

        Assert.NotEqual(turn.OrchestratorRequest.InstanceId, elsewhere.OrchestratorRequest.InstanceId);
    }

    [Fact]
    public async Task Work_waits_for_somebody_who_has_its_name()
    {
        await using var served = await ServedFixture.StartAsync();
        using var poor = await served.ConnectAsync(filters: RawWorker.Filters(["other"], ["other"]));
        await served.StartInstanceAsync("Wanted");
        await InHandAsync(served, 0);

        using var able = await served.ConnectAsync(filters: RawWorker.Filters(["wanted"], []));
        await able.Answer(await able.NextAsync(), RawWorker.Call(0, "step"));
        await InHandAsync(served, 0);
        using var doer = await served.ConnectAsync(filters: RawWorker.Filters([], ["step"]));

        Assert.Equal("step", (await doer.NextAsync()).ActivityRequest.Name);
    }

    [Fact]
    public async Task A_filter_with_versions_takes_those_versions_only()
    {
        await using var served = await ServedFixture.StartAsync();
        var filters = RawWorker.Filters(["any"], []);
        filters.Orchestrations[0].Versions.Add("2");
        using var second = await served.ConnectAsync(filters: filters);

        await served.Client.StartInstanceAsync(new() { Name = "any", InstanceId = "v1", Version = "1" }, cancellationToken: ServedFixture.Cancellation);
        await served.Client.StartInstanceAsync(new() { Name = "any", InstanceId = "v2", Version = "2" }, cancellationToken: ServedFixture.Cancellation);

        Assert.Equal("v2", (await second.NextAsync()).OrchestratorRequest.InstanceId);
        await InHandAsync(served, 1);
    }

    [Fact]
    public async Task Names_nobody_has_do_not_hold_others_up()
    {
        await using var served = await ServedFixture.StartAsync(durable => durable.ReadyActivities = 64);
        using var worker = await served.ConnectAsync(filters: RawWorker.Filters(["any"], ["known"]));
        await served.StartInstanceAsync("any");
        var calls = Enumerable.Range(0, 300).Select(id => RawWorker.Call(id, id == 299 ? "known" : "unknown"));

        await worker.Answer(await worker.NextAsync(), [.. calls]);

        Assert.Equal(299, (await worker.NextAsync()).ActivityRequest.TaskId);
    }

    [Fact]
    public async Task What_a_worker_had_in_hand_goes_to_others_when_its_stream_ends()
    {
        await using var served = await ServedFixture.StartAsync();
        var first = await served.ConnectAsync();
        await served.StartInstanceAsync("any", "one");
        await served.StartInstanceAsync("any", "two");
        await first.Answer(await first.NextAsync(), RawWorker.Call(0, "step"));
        var left = await first.NextAsync();
        await first.NextAsync();
        first.Dispose();

        using var second = await served.ConnectAsync();
        List<Wire.WorkItem> offered = [await second.NextAsync(), await second.NextAsync()];

        Assert.Single(offered, item => item.ActivityRequest?.Name == "step");
        Assert.Single(offered, item => item.OrchestratorRequest is not null);
        Assert.DoesNotContain(offered, item => item.CompletionToken == left.CompletionToken);
    }

    [Fact]
    public async Task A_turn_that_is_not_answered_in_time_is_offered_again()
    {
        await using var served = await ServedFixture.StartAsync(serve: serve => serve.TurnLimit = TimeSpan.FromSeconds(60));
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any");
        var late = await worker.NextAsync();

        served.Clock.Advance(TimeSpan.FromSeconds(61));
        var again = await worker.NextAsync();
        await ServedFixture.MeetsAsync(StatusCode.NotFound, worker.Answer(late, RawWorker.End(0, "1")));
        await worker.Answer(again, RawWorker.End(0, "2"));

        Assert.Equal("2", (await served.StateAsync(again.OrchestratorRequest.InstanceId)).Output);
    }

    [Fact]
    public async Task What_a_worker_gives_back_is_offered_again_later_and_later()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any");
        var first = await worker.NextAsync();

        await served.Client.AbandonTaskOrchestratorWorkItemAsync(new() { CompletionToken = first.CompletionToken }, cancellationToken: ServedFixture.Cancellation);
        var second = await worker.NextAsync();
        await served.Client.AbandonTaskOrchestratorWorkItemAsync(new() { CompletionToken = second.CompletionToken }, cancellationToken: ServedFixture.Cancellation);
        await InHandAsync(served, 0);
        served.Clock.Advance(TimeSpan.FromMilliseconds(100));

        await worker.Answer(await worker.NextAsync(), RawWorker.End(0));
    }

    [Fact]
    public async Task A_worker_that_lacks_the_history_is_given_all_of_it()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        var id = await served.StartInstanceAsync("any");
        await worker.Answer(await worker.NextAsync());
        await served.Client.RaiseEventAsync(new() { InstanceId = id, Name = "go" }, cancellationToken: ServedFixture.Cancellation);
        var turn = await worker.NextAsync();

        await served.Client.CompleteOrchestratorTaskAsync(new() { CompletionToken = turn.CompletionToken, RequiresHistory = true }, cancellationToken: ServedFixture.Cancellation);
        var again = await worker.NextAsync();

        Assert.Contains(again.OrchestratorRequest.PastEvents, one => one.ExecutionStarted is not null);
        Assert.Contains(again.OrchestratorRequest.NewEvents, one => one.EventRaised?.Name == "go");
    }

    [Fact]
    public async Task A_silent_stream_is_pinged()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        using var pings = new CancellationTokenSource();
        var beat = BeatAsync(served, pings.Token);
        var item = await worker.ReadAsync();
        await pings.CancelAsync();
        await beat;

        Assert.Equal(Wire.WorkItem.WhatOneofCase.HealthPing, item.WhatCase);
    }

    private static async Task BeatAsync(ServedFixture served, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            served.Clock.Advance(TimeSpan.FromSeconds(21));
            await PracticPro.Tests.Support.Deadline.MomentAsync(ServedFixture.Cancellation);
        }
    }

    /// <summary>How much is in the hands of workers, when all that was asked of the hub before has had its effect.</summary>
    private static async Task InHandAsync(ServedFixture served, int expected)
    {
        await served.Client.GetInstanceAsync(new() { InstanceId = "nobody" }, cancellationToken: ServedFixture.Cancellation);
        Assert.Equal(expected, served.Hub.Dispatch.InHand);
    }
}
