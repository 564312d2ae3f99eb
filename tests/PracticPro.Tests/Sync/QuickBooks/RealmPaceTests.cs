using PracticPro.Sync.QuickBooks;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.QuickBooks;

public sealed class RealmPaceTests
{
    private readonly FakeClock clock = new();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_calls_a_second_go_at_once_and_the_next_waits_for_the_second_to_pass()
    {
        var pace = new RealmPace(clock);
        await EnterAsync(pace, 10);

        var next = pace.EnterAsync(Ending);

        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    [Fact]
    public async Task Five_hundred_calls_a_minute_are_not_exceeded_however_evenly_they_come()
    {
        var pace = new RealmPace(clock);
        for (var second = 0; second < 50; second++)
        {
            await EnterAsync(pace, 10);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var next = pace.EnterAsync(Ending);

        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(10));
        await next;
    }

    private static async Task EnterAsync(RealmPace pace, int calls)
    {
        for (var call = 0; call < calls; call++)
        {
            var entered = pace.EnterAsync(Ending);
            Assert.True(entered.IsCompleted);
            await entered;
        }
    }
}
