using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Tests.Keys;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>
/// The power is lost before, or after, every single write of a stream's life: its first reading, its following, a complete
/// reading anew with its sweep, and the end of a stream.
/// </summary>
[Trait("Promise", "SYNC-1")]
public sealed class EngineCrashTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wherever_the_power_is_lost_the_end_is_the_same_and_the_journal_explains_it(bool after)
    {
        var undisturbed = await LiveAsync(0, after);
        Assert.InRange(undisturbed.Writes, 20, 200);
        for (var write = 1; write <= undisturbed.Writes; write++)
        {
            var life = await LiveAsync(write, after);
            Assert.True(life.Failed, $"write {write}");
            Assert.Equal(undisturbed.Covered, life.Covered);
        }
    }

    [Fact]
    public async Task A_page_of_many_parts_that_was_cut_short_is_finished_without_asking_the_provider_again()
    {
        var provider = new PlayedProvider { PageSize = 200 };
        provider.Fill(170);
        using var engine = new EngineFixture(provider);
        await engine.StepAsync();
        await engine.StepAsync();
        engine.Power = new Power { FailsAt = 2 };
        await Assert.ThrowsAsync<PowerLostException>(engine.StepAsync);
        engine.Power = new Power();
        Assert.Equal(80, (await engine.StoredAsync()).Length);
        Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());
        var asked = provider.Asked;
        await engine.StepAsync();
        Assert.Equal((170, asked), ((await engine.StoredAsync()).Length, provider.Asked));
        await engine.SettleAsync();
        await engine.AssertInStepAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_whose_middle_parts_are_written_together_is_finished_wherever_it_was_cut_short(bool after)
    {
        for (var write = 1; write <= 6; write++)
        {
            var provider = new PlayedProvider { PageSize = 500 };
            provider.Fill(450);
            using var engine = new EngineFixture(provider);
            await engine.StepAsync();
            await engine.StepAsync();
            engine.Power = new Power { FailsAt = write, After = after };
            await Assert.ThrowsAsync<PowerLostException>(engine.StepAsync);
            engine.Power = new Power();
            await engine.SettleAsync();
            await engine.AssertInStepAsync();
            Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());
        }
    }

    /// <summary>A life of a connection; the power fails once, at that write, and comes back.</summary>
    private static async Task<(int Writes, bool Failed, string Covered)> LiveAsync(int failsAt, bool after)
    {
        var provider = new PlayedProvider { PageSize = 2 };
        provider.Streams.Add("two");
        provider.Fill(5);
        provider.Fill(2, "two");
        using var engine = new EngineFixture(provider);
        var power = new Power { FailsAt = failsAt, After = after };
        engine.Power = power;
        await SettleAsync(engine);
        provider.Put("new");
        provider.Put("one001", text: "changed");
        provider.Put("one002", "two");
        provider.Delete("one003");
        await PassAsync(engine, Poll);
        provider.Delete("one000");
        provider.Put("newer");
        provider.Forget();
        await PassAsync(engine, Poll);
        provider.Put("two001", "one");
        provider.DropStream("two");
        await PassAsync(engine, StreamPlan.DiscoverEvery);
        await engine.AssertInStepAsync();
        Assert.IsType<ReplayVerdict.Same>(await engine.ReplayAsync());
        return (power.Writes, power.Failed, await CoveredAsync(engine));
    }

    private static async Task<string> CoveredAsync(EngineFixture engine)
    {
        var ledger = (await engine.CoverageAsync())!;
        return string.Join(
            '\n',
            ledger.Spans.Select(static span => $"{span.From:O} {span.Until:O} {span.Run} {span.UntilPoint}")
                .Concat(ledger.Holes.Select(static hole => hole.ToString())));
    }

    private static async Task PassAsync(EngineFixture engine, TimeSpan time)
    {
        engine.Clock.Advance(time);
        await SettleAsync(engine);
    }

    private static async Task SettleAsync(EngineFixture engine)
    {
        try
        {
            await engine.SettleAsync();
        }
        catch (PowerLostException)
        {
            engine.Power = new Power();
            await engine.SettleAsync();
        }
    }
}
