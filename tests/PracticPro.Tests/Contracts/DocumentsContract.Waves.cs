using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IDocuments.CommitInWavesAsync"/> promises.</summary>
public abstract partial class DocumentsContract
{
    [Fact]
    public async Task A_wave_is_carried_out_when_the_one_before_is()
    {
        var log = new LogName("changes");

        var outcomes = await CommitInWavesAsync(
            [Of(Put(Plain.Key("a"), "a", Condition.Absent), new Operation.Append(log, Bytes("leaf 0")))],
            [Of(Put(Plain.Key("b"), "b", Condition.Absent)), Of(Put(Plain.Key("c"), "c", Condition.Absent))],
            [Of(new Operation.Append(log, Bytes("leaf 1")))]);

        Assert.Equal(4, outcomes.Count);
        Assert.Equal(
            [0L, 1L], outcomes.Select(static outcome => Assert.IsType<CommitOutcome.Committed>(outcome)).SelectMany(static done => done.LogIndexes));
        Assert.Equal(Plain.Key("c"), Assert.Single(((CommitOutcome.Committed)outcomes[2]).Versions.Keys));
        await Store.ReopenAsync();
        foreach (var id in new[] { "a", "b", "c" })
        {
            Assert.Equal(id, Text((await FindAsync(Plain.Key(id)))!.Document.Body));
        }
    }

    [Fact]
    public async Task A_wave_finds_what_the_one_before_wrote()
    {
        var key = Plain.Key("twice");

        var outcomes = await CommitInWavesAsync([Of(Put(key, "first", Condition.Absent))], [Of(Put(key, "second", Condition.Absent))]);

        Assert.IsType<CommitOutcome.Committed>(outcomes[0]);
        Assert.Equal(new CommitOutcome.Lost(0), outcomes[1]);
        Assert.Equal("first", Text((await FindAsync(key))!.Document.Body));
    }

    [Fact]
    public async Task Of_a_wave_of_which_one_is_lost_the_others_are_carried_out_and_nothing_behind_it()
    {
        await MustCommitAsync(Here, Put(Plain.Key("taken"), "taken", Condition.Absent));

        var outcomes = await CommitInWavesAsync(
            [Of(Put(Plain.Key("before"), "x", Condition.Absent))],
            [Of(Put(Plain.Key("taken"), "mine", Condition.Absent)), Of(Put(Plain.Key("beside"), "x", Condition.Absent))],
            [Of(Put(Plain.Key("behind"), "x", Condition.Absent))]);

        Assert.Equal([false, true, false], outcomes.Select(static outcome => outcome is CommitOutcome.Lost));
        Assert.NotNull(await FindAsync(Plain.Key("before")));
        Assert.NotNull(await FindAsync(Plain.Key("beside")));
        Assert.Null(await FindAsync(Plain.Key("behind")));
    }

    [Fact]
    public async Task Of_waves_with_one_that_breaks_a_limit_nothing_is_carried_out()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => CommitInWavesAsync(
            [Of(Put(Plain.Key("fits"), "x", Condition.Absent))],
            [Of(Put(Plain.Key("fits-not"), new string('x', StorageLimits.MaximumBodyBytes + 1), Condition.Absent))]));

        Assert.Null(await FindAsync(Plain.Key("fits")));
    }

    [Fact]
    public async Task An_empty_wave_holds_nothing_up()
    {
        var outcomes = await CommitInWavesAsync([], [Of(Put(Plain.Key("a"), "a", Condition.Absent))], []);

        Assert.IsType<CommitOutcome.Committed>(Assert.Single(outcomes));
        Assert.Empty(await CommitInWavesAsync());
    }

    private static Batch Of(params Operation[] operations) => new(operations);

    private async Task<IReadOnlyList<CommitOutcome>> CommitInWavesAsync(params Batch[][] waves) =>
        await Open(Here).Documents.CommitInWavesAsync(waves, Cancellation);
}
