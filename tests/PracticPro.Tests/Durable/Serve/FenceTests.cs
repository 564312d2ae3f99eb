using Grpc.Core;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>An answer counts once, and only under the token of who has the work in hand.</summary>
public sealed class FenceTests
{
    [Fact]
    public async Task A_turn_is_answered_once()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        var id = await served.StartInstanceAsync("any");
        var turn = await worker.NextAsync();

        await worker.Answer(turn, RawWorker.End(0, "1"));
        await ServedFixture.MeetsAsync(StatusCode.NotFound, worker.Answer(turn, RawWorker.End(0, "2")));

        Assert.Equal("1", (await served.StateAsync(id)).Output);
    }

    [Fact]
    public async Task An_activity_is_answered_once()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any");
        await worker.Answer(await worker.NextAsync(), RawWorker.Call(0, "step"));
        var activity = await worker.NextAsync();

        await worker.AnswerActivity(activity, "1");
        await ServedFixture.MeetsAsync(StatusCode.NotFound, worker.AnswerActivity(activity, "2"));

        var turn = await worker.NextAsync();
        Assert.Equal("1", Assert.Single(turn.OrchestratorRequest.NewEvents, one => one.TaskCompleted is not null).TaskCompleted.Result);
    }

    [Fact]
    public async Task The_answer_of_a_worker_that_has_gone_applies_nothing()
    {
        await using var served = await ServedFixture.StartAsync();
        var gone = await served.ConnectAsync();
        var id = await served.StartInstanceAsync("any");
        var old = await gone.NextAsync();
        gone.Dispose();
        using var worker = await served.ConnectAsync();
        var turn = await worker.NextAsync();

        await ServedFixture.MeetsAsync(StatusCode.NotFound, worker.Answer(old, RawWorker.End(0, "old")));

        Assert.Equal(Wire.RuntimeStatus.Pending, (await served.StateAsync(id)).OrchestrationStatus);
        await worker.Answer(turn, RawWorker.End(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("a text of some length that is no token and never was one")]
    public async Task A_token_that_was_never_given_is_refused(string token)
    {
        await using var served = await ServedFixture.StartAsync();

        await ServedFixture.MeetsAsync(
            StatusCode.NotFound, served.Client.CompleteOrchestratorTaskAsync(new() { CompletionToken = token }, cancellationToken: ServedFixture.Cancellation));
        await ServedFixture.MeetsAsync(
            StatusCode.NotFound, served.Client.CompleteActivityTaskAsync(new() { CompletionToken = token }, cancellationToken: ServedFixture.Cancellation));
        await ServedFixture.MeetsAsync(
            StatusCode.NotFound, served.Client.AbandonTaskActivityWorkItemAsync(new() { CompletionToken = token }, cancellationToken: ServedFixture.Cancellation));
    }

    [Fact]
    public async Task Tokens_cannot_be_guessed_and_never_repeat()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync(turns: 50);
        HashSet<string> tokens = [];
        for (var number = 0; number < 50; number++)
        {
            await served.StartInstanceAsync("any");
            Assert.True(tokens.Add((await worker.NextAsync()).CompletionToken));
        }

        Assert.All(tokens, token => Assert.Equal(32, token.Length));
    }

    [Fact]
    public async Task A_turn_of_an_instance_that_was_replaced_is_worth_nothing()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any", "one", "1");
        var old = await worker.NextAsync();

        var again = new Wire.CreateInstanceRequest { Name = "any", InstanceId = "one", Input = "2", OrchestrationIdReusePolicy = new() };
        again.OrchestrationIdReusePolicy.ReplaceableStatus.Add(Wire.RuntimeStatus.Pending);
        await served.Client.StartInstanceAsync(again, cancellationToken: ServedFixture.Cancellation);
        var turn = await worker.NextAsync();
        await ServedFixture.MeetsAsync(StatusCode.NotFound, worker.Answer(old, RawWorker.End(0, "old")));
        await worker.Answer(turn, RawWorker.End(0, "new"));

        Assert.Equal("new", (await served.StateAsync("one")).Output);
    }

    [Fact]
    public async Task An_answer_in_pieces_counts_when_the_last_has_come_and_each_piece_once()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any");
        var turn = await worker.NextAsync();

        await served.Client.CompleteOrchestratorTaskAsync(Piece(turn, 0, RawWorker.Call(0, "one"), last: false), cancellationToken: ServedFixture.Cancellation);
        await served.Client.CompleteOrchestratorTaskAsync(Piece(turn, 0, RawWorker.Call(0, "one"), last: false), cancellationToken: ServedFixture.Cancellation);
        Assert.Equal(1, served.Hub.Dispatch.InHand);
        await served.Client.CompleteOrchestratorTaskAsync(Piece(turn, 1, RawWorker.Call(1, "two"), last: true), cancellationToken: ServedFixture.Cancellation);

        Assert.Equal(["one", "two"], [(await worker.NextAsync()).ActivityRequest.Name, (await worker.NextAsync()).ActivityRequest.Name]);
    }

    [Fact]
    public async Task A_response_that_cannot_be_carried_out_fails_the_instance_and_not_the_hub()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        Wire.Action[][] responses =
        [
            [new Wire.Action { Id = 0 }],
            [RawWorker.Call(0, "one"), RawWorker.Call(0, "two")],
            [RawWorker.Call(0, "")],
            [new Wire.Action { Id = 0, CreateTimer = new() { FireAt = new() { Seconds = long.MaxValue } } }],
            [new Wire.Action { Id = 0, CreateSubOrchestration = new() { Name = "child", InstanceId = "/no/id" } }],
            [RawWorker.End(0), RawWorker.End(1)],
            [new Wire.Action { Id = 0, CompleteOrchestration = new() { OrchestrationStatus = Wire.RuntimeStatus.Running } }],
        ];
        foreach (var response in responses)
        {
            var id = await served.StartInstanceAsync("any");
            await worker.Answer(await worker.NextAsync(), response);
            var state = await served.StateAsync(id);
            Assert.Equal(Wire.RuntimeStatus.Failed, state.OrchestrationStatus);
            Assert.Equal("turn-broke: actions", state.FailureDetails.ErrorMessage);
        }
    }

    private static Wire.OrchestratorResponse Piece(Wire.WorkItem turn, int index, Wire.Action action, bool last)
    {
        var piece = new Wire.OrchestratorResponse
        {
            InstanceId = turn.OrchestratorRequest.InstanceId,
            CompletionToken = turn.CompletionToken,
            IsPartial = !last,
            ChunkIndex = index,
        };
        piece.Actions.Add(action);
        return piece;
    }
}
