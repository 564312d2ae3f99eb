using PracticPro.Keys.Rotation;
using PracticPro.Simulation.Rotate;
using PracticPro.Tests.Storage.Drivers;

namespace PracticPro.Tests.Keys;

/// <summary>
/// A small practice at work while all its keys are changed; <c>scripts/simulate rotate</c> does the same with a large one.
/// Each run looks at everything that was read and written, and at the end at every record, by its keys and by the bytes
/// stored.
/// </summary>
[Trait("Promise", "ENC-2")]
public sealed class RotationUnderLoadTests : IDisposable
{
    private static readonly Pace Fast = new(TimeSpan.FromSeconds(5), 60);
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task All_keys_are_changed_while_a_practice_works_and_nothing_fails()
    {
        var verdict = await RunAsync(new RotateOrder(Seed: 1, Records: 3_000));

        Assert.True(verdict.Tally.Reads > 1_000, verdict.Story);
        Assert.True(verdict.Tally.Writes > 100, verdict.Story);
        Assert.True(verdict.Resealed > 500, verdict.Story);
    }

    [Fact]
    public async Task Compromised_keys_are_changed_in_minutes_while_a_practice_works_and_nothing_fails()
    {
        var verdict = await RunAsync(new RotateOrder(Seed: 2, Records: 2_000) { Reason = RotationReason.Compromised });

        Assert.True(verdict.Resealed > 500, verdict.Story);
        Assert.True(verdict.Took < TimeSpan.FromHours(1), verdict.Story);
    }

    [Fact]
    public async Task A_rotation_that_is_killed_before_and_after_every_write_is_finished_by_others()
    {
        // Each gets one write further than the one before, so that every write is somebody's last.
        var ends = Enumerable.Range(1, 26).SelectMany(at => new[] { (FateKind.DiesBefore, at), (FateKind.DiesAfter, at) });
        var order = new RotateOrder(Seed: 3, Records: 400)
        {
            Planned = [.. ends],
            Rotation = new RotationOptions { DocumentsAStep = 25 },
            Reason = RotationReason.Compromised,
        };

        var verdict = await RunAsync(order);

        Assert.True(verdict.Fates.GetValueOrDefault(FateKind.DiesBefore) > 5, verdict.Story);
        Assert.True(verdict.Fates.GetValueOrDefault(FateKind.DiesAfter) > 5, verdict.Story);
    }

    [Fact]
    public async Task Two_that_rotate_at_once_and_fall_asleep_before_any_write_break_nothing()
    {
        var order = new RotateOrder(Seed: 4, Records: 400, AtOnce: 2)
        {
            Planned = [.. Enumerable.Range(1, 26).Select(static at => (FateKind.Sleeps, at))],
            Rotation = new RotationOptions { DocumentsAStep = 50 },
        };

        var verdict = await RunAsync(order);

        Assert.True(verdict.Fates.GetValueOrDefault(FateKind.Sleeps) > 5, verdict.Story);
    }

    [Fact]
    public async Task Keys_whose_storing_takes_longer_than_anybody_waits_for_are_used_by_none_before_all_know_them()
    {
        // The first stores them wrapped anew, and stops before storing new ones; the next stops before setting their moment.
        var order = new RotateOrder(Seed: 5, Records: 400)
        {
            Planned = [(FateKind.SleepsBeforeKeys, 2), (FateKind.SleepsBeforeKeys, 1)],
        };

        var verdict = await RunAsync(order);

        Assert.Equal(2, verdict.Fates.GetValueOrDefault(FateKind.SleepsBeforeKeys));
    }

    /// <summary>Each process by an account handle of its own, so that nothing but the service is shared.</summary>
    [Fact]
    public async Task Keys_are_changed_over_a_store_that_many_processes_share_while_those_who_change_them_are_killed()
    {
        await using var cosmos = new CosmosStore();
        await cosmos.OpenCleanAsync();
        var order = new RotateOrder(Seed: 6, Records: 300, AtOnce: 2)
        {
            Planned = [(FateKind.DiesAfter, 4), (FateKind.Sleeps, 3), (FateKind.DiesBefore, 12), (FateKind.Sleeps, 6)],
            Reason = RotationReason.Compromised,
        };

        await RunAsync(order, async () =>
        {
            var storage = await cosmos.OpenAnotherAsync();
            return new Stores(storage, storage.Fleet);
        });
    }

    private async Task<RotateVerdict> RunAsync(RotateOrder order, Func<Task<Stores>>? another = null)
    {
        var fast = order with { Pace = Fast, Processes = 2, WorkersAProcess = 2 };
        var verdict = await new RotateRun(fast, folder.Path, another).RunAsync(Cancellation);
        Assert.True(verdict.Passed, string.Join('\n', verdict.Faults.Append(verdict.Story)));
        Assert.Equal(0, verdict.Tally.FailedReads);
        Assert.Equal(0, verdict.Tally.FailedWrites);
        return verdict;
    }
}
