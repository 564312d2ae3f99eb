using PracticPro.Sync;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Keys;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>A reading goes on for a moment, and asks for the pages behind while one is written.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class ReadingAheadTests
{
    private const int Items = 9;
    private const int OfAPage = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_that_come_at_once_are_one_step()
    {
        using var engine = await BegunAsync();
        await engine.StepAsync();
        Assert.Equal((SyncPhase.Sweeping, Items), await StandingAsync(engine));
    }

    [Fact]
    public async Task A_page_that_took_long_is_the_last_of_its_step()
    {
        using var engine = await BegunAsync();
        engine.Provider.Calling = (_, _) =>
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        };
        await engine.StepAsync();
        Assert.Equal((SyncPhase.Listing, OfAPage), await StandingAsync(engine));
    }

    [Fact]
    public async Task While_a_page_is_written_the_two_behind_it_are_asked_for()
    {
        using var engine = await BegunAsync();
        using var patience = Deadline.Start(Cancellation);
        var asked = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Provider.Calling = (request, _) =>
        {
            if (request is StreamRequest.Read { Page: not null } && Interlocked.Increment(ref asked) == 2)
            {
                all.SetResult();
            }

            return Task.CompletedTask;
        };
        engine.Power = new Power { Before = () => all.Task.WaitAsync(patience.Token) };
        await engine.StepAsync();
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task No_page_is_asked_for_before_the_third_one_before_it_is_written()
    {
        using var engine = await BegunAsync(pages: 8);
        List<(int Asked, int Stored)> seen = [];
        engine.Provider.Calling = async (request, _) =>
        {
            if (request is StreamRequest.Read)
            {
                seen.Add((seen.Count, (await engine.CursorAsync()).Stored));
            }
        };
        await engine.StepAsync();
        Assert.Equal(8, seen.Count);
        Assert.All(seen, static one => Assert.True(one.Stored >= (one.Asked - 2) * OfAPage));
    }

    [Fact]
    public async Task What_a_next_page_asks_of_the_store_is_answered_as_the_page_before_it_left_it()
    {
        using var engine = await BegunAsync();
        var known = new List<bool>();
        engine.Provider.Calling = async (request, stored) =>
        {
            if (request is StreamRequest.Read { Page: { } last })
            {
                known.Add(await stored(last) is not null);
            }
        };
        await engine.StepAsync();
        Assert.Equal([true, true], known);
    }

    [Fact]
    public async Task A_next_page_that_cannot_be_had_leaves_what_came_before_it_and_a_rest()
    {
        using var engine = await BegunAsync();
        engine.Provider.Fail(new SyncFailures.ProviderRefused(), static (_, request) => request is StreamRequest.Read { Page: not null });
        await engine.StepAsync();
        Assert.Equal((SyncPhase.Listing, OfAPage), await StandingAsync(engine));
        Assert.Equal(1, (await engine.CursorAsync()).Failures);
        Assert.True((await engine.SettleAsync()).Pause);
        await engine.PassAsync(TimeSpan.FromSeconds(5));
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_next_page_that_is_no_longer_known_is_begun_again()
    {
        using var engine = await BegunAsync();
        engine.Provider.Fail(new SyncFailures.CursorExpired(), static (_, request) => request is StreamRequest.Read { Page: not null });
        await engine.StepAsync();
        Assert.Null((await engine.CursorAsync()).Page);
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_page_that_is_not_written_leaves_nothing_of_the_next_one()
    {
        using var engine = await BegunAsync();
        engine.Power = new Power { FailsAt = 1 };
        await Assert.ThrowsAsync<PowerLostException>(engine.StepAsync);
        engine.Power = new Power();
        Assert.Equal((SyncPhase.Listing, 0), await StandingAsync(engine));
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
        Assert.IsType<PracticPro.Sync.Streams.Journal.ReplayVerdict.Same>(await engine.ReplayAsync());
    }

    /// <summary>About to read its first page.</summary>
    private static async Task<EngineFixture> BegunAsync(int pages = Items / OfAPage)
    {
        var provider = new PlayedProvider { PageSize = OfAPage };
        provider.Fill(pages * OfAPage);
        var engine = new EngineFixture(provider);
        await engine.StepAsync();
        await engine.StepAsync();
        return engine;
    }

    private static async Task<(SyncPhase Phase, int Stored)> StandingAsync(EngineFixture engine)
    {
        var cursor = await engine.CursorAsync();
        return (cursor.Phase, cursor.Stored);
    }
}
