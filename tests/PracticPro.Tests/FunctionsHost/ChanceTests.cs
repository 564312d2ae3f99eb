using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>What comes by chance: in another order, once more, a little early. The same seed brings the same.</summary>
public sealed class ChanceTests
{
    [Fact]
    public async Task Raised_events_overtake_one_another_and_the_same_seed_orders_them_the_same()
    {
        var first = await OrderAsync(seed: 5);
        var again = await OrderAsync(seed: 5);
        var other = await OrderAsync(seed: 6);

        Assert.Equal(["a", "b", "c", "d", "e", "f"], first.Order());
        Assert.NotEqual(["a", "b", "c", "d", "e", "f"], first);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task A_turn_that_the_host_forgets_is_taken_again_from_the_same_history()
    {
        await using var rig = await Rig.StartAsync(request => request.Function == "Work" ? HandlerReply.Returns("1")
            : request.Turn().All().Any(one => one.TaskCompleted is not null) ? Answering.Turn(request.Turn(), Answering.Done(1))
            : Answering.Turn(request.Turn(), Answering.Task(0, "Work")));
        rig.Host.Faults.ForgottenTurns = 60;

        for (var at = 0; at < 10; at++)
        {
            rig.Begin("Flow", $"flow-{at}");
        }

        await rig.IdleAsync();

        Assert.All(Enumerable.Range(0, 10), at => Assert.Equal(RuntimeStatus.Completed, rig.State($"flow-{at}").OrchestrationStatus));
        Assert.True(rig.Host.Statistics[Figure.TurnsAbandoned] > 0);
        Assert.Equal(10, rig.Host.Statistics[Figure.Activities]);
    }

    [Fact]
    public async Task A_timers_turn_comes_up_to_four_tenths_of_a_second_before_it_is_due()
    {
        var early = new List<TimeSpan>();
        await using var rig = await Rig.StartAsync(request =>
        {
            var turn = request.Turn();
            var now = turn.NewEvents[0].Timestamp.ToDateTimeOffset();
            lock (early)
            {
                early.AddRange(turn.NewEvents.Where(one => one.TimerFired is not null)
                    .Select(one => one.TimerFired.FireAt.ToDateTimeOffset() - now));
            }

            return turn.PastEvents.Count > 0 ? Answering.Turn(turn) : Answering.Turn(turn, Enumerable.Range(0, 20)
                .Select(id => new PracticPro.Durable.Wire.Action
                {
                    Id = id,
                    CreateTimer = new CreateTimer { FireAt = Timestamp.FromDateTimeOffset(now.AddSeconds(10)) },
                }));
        });
        rig.Begin("Flow", "one");
        await rig.IdleAsync();

        rig.Clock.Advance(TimeSpan.FromSeconds(9.5));
        await rig.IdleAsync();
        Assert.Empty(early);
        for (var step = 0; step < 10; step++)
        {
            rig.Clock.Advance(TimeSpan.FromMilliseconds(50));
            await rig.IdleAsync();
        }

        Assert.Equal(20, early.Count);
        Assert.All(early, one => Assert.InRange(one, TimeSpan.Zero, TimeSpan.FromMilliseconds(400)));
        Assert.Contains(early, one => one > TimeSpan.FromMilliseconds(50));
    }

    private static async Task<IReadOnlyList<string>> OrderAsync(int seed)
    {
        IReadOnlyList<string> order = [];
        await using var rig = await Rig.StartAsync(
            request =>
            {
                order = [.. request.Turn().NewEvents.Where(one => one.EventRaised is not null).Select(one => one.EventRaised.Name)];
                return Answering.Turn(request.Turn());
            },
            with: options => options with { Seed = seed });
        rig.Begin("Flow", "one");
        await rig.IdleAsync();
        rig.Host.Faults.ReorderedEvents = 60;
        rig.Host.HoldTurns(true);
        foreach (var name in (string[])["a", "b", "c", "d", "e", "f"])
        {
            rig.Hub.Raise(new RaiseEventRequest { InstanceId = "one", Name = name });
        }

        rig.Host.HoldTurns(false);
        await rig.IdleAsync();
        return order;
    }
}
