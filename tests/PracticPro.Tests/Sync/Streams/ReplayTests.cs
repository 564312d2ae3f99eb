using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>What the provider answered gives, understood again, what is stored; or the first difference is named.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class ReplayTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_life_a_replay_gives_what_is_stored_and_gives_it_twice()
    {
        using var engine = await LivedAsync();
        var same = Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());
        Assert.True(same.Steps > 5);
        Assert.Equal(64, same.State.Length);
        Assert.Equal(same, await engine.ReplayAsync());
    }

    [Fact]
    public async Task Steps_that_are_taken_meanwhile_are_no_difference()
    {
        using var engine = await LivedAsync();
        var before = Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());
        var isMeanwhile = false;
        engine.Provider.Understanding = item =>
        {
            if (!isMeanwhile)
            {
                isMeanwhile = true;
                MeanwhileAsync().GetAwaiter().GetResult();
            }

            return item;
        };

        var same = Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());

        Assert.True(same.Steps > before.Steps);
        Assert.NotEqual(before.State, same.State);
        Assert.Equal(same, await engine.ReplayAsync());

        async Task MeanwhileAsync()
        {
            engine.Provider.Put("one001", text: "changed meanwhile");
            await engine.PassAsync(Poll);
            engine.Provider.Put("one001", text: "and once more");
            await engine.PassAsync(Poll);
        }
    }

    [Fact]
    public async Task A_difference_is_named_however_many_steps_are_taken_meanwhile()
    {
        using var engine = await LivedAsync();
        var scope = await engine.ScopeAsync();
        var item = (await engine.StoredAsync()).Single(static item => item.SourceId == "one001");
        await scope.CommitAsync([scope.Put(SyncKinds.CalendarEvent, item with { Summary = "forged" }, Condition.Any)], Cancellation);
        var (steps, isTaking) = (0, false);
        engine.Provider.Understanding = understood =>
        {
            if (understood.SourceId == "one002" && !isTaking)
            {
                Assert.InRange(++steps, 1, 50);
                isTaking = true;
                MeanwhileAsync().GetAwaiter().GetResult();
                isTaking = false;
            }

            return understood;
        };

        var differs = Assert.IsType<ReplayVerdict.Differs>(await engine.ReplayAsync());

        Assert.Equal(("one001", "stored-otherwise"), (differs.Item, differs.Why));
        Assert.True(steps > 1);

        // Understanding this step leads to one more.
        async Task MeanwhileAsync()
        {
            engine.Provider.Put("one002", text: $"text {steps}");
            await engine.PassAsync(Poll);
        }
    }

    [Fact]
    public async Task A_stored_record_that_was_changed_is_named()
    {
        using var engine = await LivedAsync();
        var scope = await engine.ScopeAsync();
        var item = (await engine.StoredAsync()).Single(static item => item.SourceId == "one001");
        await scope.CommitAsync([scope.Put(SyncKinds.CalendarEvent, item with { Summary = "forged" }, Condition.Any)], Cancellation);
        var differs = Assert.IsType<ReplayVerdict.Differs>(await engine.ReplayAsync());
        Assert.Equal(("one", "one001", "stored-otherwise"), (differs.Stream, differs.Item, differs.Why));
    }

    [Fact]
    public async Task A_stored_record_that_was_removed_is_named()
    {
        using var engine = await LivedAsync();
        var scope = await engine.ScopeAsync();
        await scope.CommitAsync(
            [scope.Delete(SyncKinds.CalendarEvent, MirrorKey.Of(engine.Connection.Id, "one002"), Condition.Any)], Cancellation);
        var differs = Assert.IsType<ReplayVerdict.Differs>(await engine.ReplayAsync());
        Assert.Equal(("one002", "stored-otherwise"), (differs.Item, differs.Why));
    }

    [Fact]
    public async Task An_understanding_that_changed_is_found_at_the_first_step_it_changes()
    {
        using var engine = await LivedAsync();
        engine.Provider.Understanding = static item => item.SourceId == "one003" ? item with { Location = "elsewhere" } : item;
        var differs = Assert.IsType<ReplayVerdict.Differs>(await engine.ReplayAsync());
        Assert.Equal(("one", "one003", "understood-otherwise"), (differs.Stream, differs.Item, differs.Why));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public async Task An_entry_that_is_missing_is_named(long number)
    {
        using var engine = await LivedAsync();
        number = Math.Min(number, (await engine.CursorAsync()).Sequence);
        var scope = await engine.ScopeAsync();
        await SyncJournal.DropAsync(scope, engine.Connection.Id, number, Cancellation);
        var differs = Assert.IsType<ReplayVerdict.Differs>(await engine.ReplayAsync());
        Assert.Equal((number, "journal-entry-missing"), (differs.Step, differs.Why));
    }

    [Fact]
    public async Task The_journal_keeps_some_days_and_a_replay_begins_where_it_does()
    {
        using var engine = await LivedAsync();
        engine.Provider.Put("late");
        await engine.PassAsync(TimeSpan.FromDays(6));
        var scope = await engine.ScopeAsync();
        Assert.Null(await scope.FindAsync(SyncKinds.Journal, JournalEntry.IdOf(engine.Connection.Id, 1, 0), Cancellation));
        var same = Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());
        Assert.InRange(same.Steps, 1, 3);
    }

    [Fact]
    public async Task A_step_too_large_for_one_document_is_kept_in_parts()
    {
        var provider = new PlayedProvider { PageSize = 60 };
        var random = new Random(1);
        for (var number = 0; number < 60; number++)
        {
            provider.Put($"large{number}", text: Convert.ToHexString(Bytes(random, 9_000)));
        }

        using var engine = new EngineFixture(provider);
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
        var scope = await engine.ScopeAsync();
        Assert.NotNull(await scope.FindAsync(SyncKinds.Journal, JournalEntry.IdOf(engine.Connection.Id, 2, 1), Cancellation));
        Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task<EngineFixture> LivedAsync()
    {
        var engine = new EngineFixture(new PlayedProvider());
        engine.Provider.Fill(7);
        await engine.SettleAsync();
        engine.Provider.Put("new");
        engine.Provider.Delete("one000");
        await engine.PassAsync(Poll);
        await engine.AssertInStepAsync();
        return engine;
    }
}
