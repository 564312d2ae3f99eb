using PracticPro.Hosting.Functions.Front;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class TurnCrewTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly FakeClock clock = new();
    private readonly ManualResetEventSlim never = new();

    public void Dispose()
    {
        never.Set();
        never.Dispose();
    }

    [Fact]
    public async Task A_turn_gives_what_it_comes_to_or_throws_what_it_threw()
    {
        using var crew = new TurnCrew(1, 1, clock);

        Assert.Equal([7], await crew.RunAsync(static () => [7], Limit));
        await Assert.ThrowsAsync<InvalidDataException>(() => crew.RunAsync(static () => throw new InvalidDataException(), Limit));
        Assert.False(crew.IsExhausted);
    }

    [Fact]
    public async Task A_turn_that_never_ends_is_left_alone_and_another_is_taken_in_its_place()
    {
        using var crew = new TurnCrew(1, 1, clock);
        var stuck = await StuckAsync(crew);

        clock.Advance(Limit);

        await Assert.ThrowsAsync<TimeoutException>(() => stuck);
        Assert.Equal([7], await crew.RunAsync(static () => [7], Limit));
        Assert.False(crew.IsExhausted);
    }

    [Fact]
    public async Task A_turn_that_gets_no_thread_in_time_is_given_up_and_never_run()
    {
        using var crew = new TurnCrew(1, 0, clock);
        var stuck = await StuckAsync(crew);
        var ran = false;
        var waiting = crew.RunAsync(
            () =>
            {
                ran = true;
                return [];
            },
            Limit);

        clock.Advance(Limit);
        await Assert.ThrowsAsync<TimeoutException>(() => stuck);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        never.Set();

        Assert.Equal([7], await crew.RunAsync(static () => [7], Limit));
        Assert.False(ran);
    }

    [Fact]
    public async Task Too_many_turns_that_never_end_exhaust_the_crew()
    {
        using var crew = new TurnCrew(1, 1, clock);
        for (var number = 0; number < 2; number++)
        {
            Assert.False(crew.IsExhausted);
            var stuck = await StuckAsync(crew);
            clock.Advance(Limit);
            await Assert.ThrowsAsync<TimeoutException>(() => stuck);
        }

        Assert.True(crew.IsExhausted);
    }

    /// <summary>A turn that has begun and does not end.</summary>
    private async Task<Task<byte[]>> StuckAsync(TurnCrew crew)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = crew.RunAsync(
            () =>
            {
                begun.SetResult();
                never.Wait();
                return [];
            },
            Limit);
        using var patience = Deadline.Start(TestContext.Current.CancellationToken);
        await begun.Task.WaitAsync(patience.Token);
        return stuck;
    }
}
