using PracticPro.Audit;
using PracticPro.Sync;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Streams;

[Trait("Promise", "SYNC-1")]
public sealed class StreamEngineTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_the_first_reading_every_stream_agrees_with_the_provider(bool pins)
    {
        var provider = new PlayedProvider { Pins = pins };
        provider.Streams.Add("two");
        provider.Fill(10);
        provider.Fill(4, "two");
        using var engine = new EngineFixture(provider);
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
        Assert.NotNull((await engine.CursorAsync()).CompleteSince);
        Assert.NotNull((await engine.CursorAsync("two")).CompleteSince);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task What_is_added_changed_and_deleted_shows_at_the_next_look()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        engine.Provider.Fill(7);
        await engine.SettleAsync();
        engine.Provider.Put("new");
        engine.Provider.Put("one001", text: "changed");
        engine.Provider.Delete("one002");
        engine.Nudge();
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forgotten_point_is_made_up_for_by_reading_everything_anew(bool pins)
    {
        using var engine = new EngineFixture(new PlayedProvider { Pins = pins });
        engine.Provider.Fill(9);
        await engine.SettleAsync();
        engine.Provider.Delete("one000");
        engine.Provider.Delete("one008");
        engine.Provider.Put("new");
        engine.Provider.Forget();
        await engine.PassAsync(Poll);
        await engine.AssertInStepAsync();
        Assert.Equal(2, (await engine.CursorAsync()).Generation);
    }

    [Fact]
    public async Task A_provider_that_forgets_at_once_is_not_read_without_end()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        engine.Provider.Fill(3);
        engine.Provider.Fail(new SyncFailures.CursorExpired(), static (_, request) => request is StreamRequest.Follow, times: 3);
        var answer = await engine.SettleAsync();
        Assert.True(answer.Pause);
        Assert.Equal(1, (await engine.CursorAsync()).Generation);
        await engine.PassAsync(TimeSpan.FromSeconds(5));
        await engine.PassAsync(TimeSpan.FromSeconds(5));
        await engine.AssertInStepAsync();
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task An_item_that_moved_to_another_stream_is_not_deleted_whichever_is_followed_first()
    {
        foreach (var target in new[] { "aaa", "zzz" })
        {
            var provider = new PlayedProvider();
            provider.Streams.Add(target);
            provider.Fill(3);
            using var engine = new EngineFixture(provider);
            await engine.SettleAsync();
            provider.Put("one001", target);
            await engine.PassAsync(Poll);
            await engine.AssertInStepAsync();
        }
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task Of_a_stream_that_is_no_more_the_items_are_asked_about_one_by_one()
    {
        var provider = new PlayedProvider();
        provider.Streams.Add("two");
        provider.Fill(3);
        provider.Fill(5, "two");
        using var engine = new EngineFixture(provider);
        await engine.SettleAsync();
        provider.Put("two001", "one");
        provider.DropStream("two");
        await engine.PassAsync(StreamPlan.DiscoverEvery);
        await engine.AssertInStepAsync();
        Assert.Equal(SyncPhase.Closed, (await engine.CursorAsync("two")).Phase);
        provider.Streams.Add("two");
        provider.Put("two009", "two");
        await engine.PassAsync(StreamPlan.DiscoverEvery);
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_stream_that_is_found_gone_makes_the_streams_be_asked_for_at_once()
    {
        using var engine = await WithStreamGoneAsync();
        await engine.PassAsync(Poll);
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_hole_of_a_stream_that_went_while_nobody_looked_is_closed_when_nothing_of_it_is_left()
    {
        using var engine = await WithStreamGoneAsync();
        await engine.PassAsync(Poll * 5);
        var ledger = await engine.CoverageAsync("two");
        Assert.Equal(SyncPhase.Closed, (await engine.CursorAsync("two")).Phase);
        Assert.Equal(("gone-at-provider", HoleClosing.Vanished), (Assert.Single(ledger!.Holes).Because, ledger.Holes[0].Closing));
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_sick_stream_does_not_starve_the_others()
    {
        var provider = new PlayedProvider();
        provider.Streams.Add("two");
        provider.Fill(9);
        provider.Fill(9, "two");
        provider.Fail(new SyncFailures.ProviderDown(), static (stream, _) => stream.Text == "one", times: 4);
        using var engine = new EngineFixture(provider);
        await engine.SettleAsync();
        Assert.Equal(9, (await engine.StoredAsync()).Length);
        Assert.Equal(1, (await engine.CursorAsync()).Failures);
        for (var pause = 0; pause < 6; pause++)
        {
            await engine.PassAsync(TimeSpan.FromSeconds(40));
        }

        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_rate_limit_is_waited_out_by_all_streams()
    {
        var provider = new PlayedProvider();
        provider.Streams.Add("two");
        provider.Fill(4);
        provider.Fail(new SyncFailures.RateLimited(TimeSpan.FromMinutes(3)), static (_, request) => request is StreamRequest.Read);
        using var engine = new EngineFixture(provider);
        var answer = await engine.SettleAsync();
        Assert.Equal((engine.Clock.GetUtcNow().AddMinutes(3), true), (answer.WaitUntil!.Value, answer.Pause));
        await engine.PassAsync(TimeSpan.FromMinutes(3));
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_page_that_fails_in_the_middle_of_a_reading_deletes_nothing()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        engine.Provider.Fill(9);
        await engine.SettleAsync();
        engine.Provider.Forget();
        engine.Provider.Fail(new SyncFailures.ProviderDown(), static (_, request) => request is StreamRequest.Read { Page: not null }, times: 2);
        await engine.PassAsync(Poll);
        Assert.Equal(9, (await engine.StoredAsync()).Length);
        await engine.PassAsync(TimeSpan.FromSeconds(10));
        await engine.PassAsync(TimeSpan.FromSeconds(10));
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task A_page_that_is_no_longer_known_is_begun_again()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        engine.Provider.Fill(9);
        engine.Provider.Fail(new SyncFailures.CursorExpired(), static (_, request) => request is StreamRequest.Read { Page: not null });
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
        Assert.Equal(1, (await engine.CursorAsync()).Generation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_found_in_a_stream_that_went_before_it_was_read_goes_too(bool isDiscovered)
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var provider = engine.Provider;
        provider.Fill(3);
        await engine.SettleAsync();
        provider.Put("one001", "two");

        await GoesOnceItWasFoundAsync(
            engine,
            () => provider.Streams.AddRange(isDiscovered ? ["two"] : []),
            () =>
            {
                provider.Delete("one001");
                provider.Streams.Remove("two");
            });
    }

    [Fact]
    public async Task What_was_found_in_many_streams_that_went_before_they_were_read_goes_too()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var provider = engine.Provider;
        provider.Fill(120);
        await engine.SettleAsync();
        string[] moved = [.. Enumerable.Range(10, 100).Select(static at => $"one{at:D3}")];
        foreach (var id in moved)
        {
            provider.Put(id, "folder-" + id);
        }

        await GoesOnceItWasFoundAsync(engine, static () => { }, () => Array.ForEach(moved, provider.Delete));
    }

    [Fact]
    public async Task Of_a_stream_that_nobody_follows_only_what_was_just_found_in_it_is_asked_about()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var provider = engine.Provider;
        provider.Fill(3);
        await engine.SettleAsync();
        List<string> asked = [];
        provider.Calling = (request, _) =>
        {
            asked.AddRange(request is StreamRequest.Ask ask ? ask.Items : []);
            return Task.CompletedTask;
        };

        foreach (var id in new[] { "one001", "one002" })
        {
            provider.Put(id, "two");
            provider.Forget();
            await engine.PassAsync(Poll);
        }

        // By the stream it was missed in, and by the one it was found in.
        Assert.Equal(["one001", "one001", "one002", "one002"], asked);
        await engine.AssertInStepAsync();
    }

    [Fact]
    public async Task The_log_calls_a_reading_one_anew_only_where_there_was_one_before()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        var provider = engine.Provider;
        provider.Fill(3);
        await engine.SettleAsync();
        Assert.Equal(0, await AnewAsync());

        // The first is read anew, and finds one in a second that is not followed yet.
        provider.Put("one001", "two");
        provider.Forget();
        await engine.PassAsync(Poll);
        provider.Streams.Add("two");
        await engine.PassAsync(TimeSpan.FromDays(1));
        Assert.NotNull((await engine.CursorAsync("two")).CompleteSince);
        Assert.Equal(1, await AnewAsync());

        provider.Forget();
        await engine.PassAsync(Poll);
        Assert.Equal(3, await AnewAsync());

        async Task<int> AnewAsync() => (await (await engine.ScopeAsync()).LeavesAsync(AuditAct.ItemsResynced)).Count;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_went_before_a_reading_was_begun_again_does_not_stay_because_it_was_seen_in_the_first(bool pins)
    {
        using var engine = new EngineFixture(new PlayedProvider { Pins = pins });
        engine.Provider.Fill(9);
        var isGone = false;
        engine.Provider.Calling = (request, _) =>
        {
            if (!isGone && request is StreamRequest.Read { Page: not null })
            {
                isGone = true;
                engine.Provider.Delete("one000");
                engine.Provider.Fail(new SyncFailures.CursorExpired());
            }

            return Task.CompletedTask;
        };

        await engine.SettleAsync();

        Assert.True(isGone);
        await engine.AssertInStepAsync();
        Assert.IsType<PracticPro.Sync.Streams.Journal.ReplayVerdict.Same>(await engine.ReplayAsync());
    }

    [Fact]
    public async Task A_nudge_may_name_one_stream_and_no_other_is_asked()
    {
        var provider = new PlayedProvider();
        provider.Streams.Add("two");
        using var engine = new EngineFixture(provider);
        await engine.SettleAsync();
        provider.Put("new", "two");
        var asked = provider.Asked;
        await engine.NudgeAsync("two");
        await engine.AssertInStepAsync();
        Assert.Equal(asked + 1, provider.Asked);
    }

    /// <summary>
    /// A reading misses items that went elsewhere: when it asks about the first of them, what is given happens; at the next call
    /// they go from there too.
    /// </summary>
    private static async Task GoesOnceItWasFoundAsync(EngineFixture engine, Action found, Action go)
    {
        var (isFound, isGone) = (false, false);
        engine.Provider.Forget();
        engine.Provider.Calling = (request, _) =>
        {
            if (request is StreamRequest.Ask && !isFound)
            {
                isFound = true;
                found();
            }
            else if (isFound && !isGone)
            {
                isGone = true;
                go();
            }

            return Task.CompletedTask;
        };

        await engine.PassAsync(Poll);
        await engine.PassAsync(Poll);

        Assert.True(isGone);
        await engine.AssertInStepAsync();
    }

    /// <summary>In step with two streams, of which the second, "two", has just gone.</summary>
    private static async Task<EngineFixture> WithStreamGoneAsync()
    {
        var provider = new PlayedProvider();
        provider.Streams.Add("two");
        provider.Fill(2, "two");
        var engine = new EngineFixture(provider);
        await engine.SettleAsync();
        provider.DropStream("two");
        return engine;
    }
}
