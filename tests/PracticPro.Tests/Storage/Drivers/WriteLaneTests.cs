using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class WriteLaneTests : IAsyncLifetime
{
    private readonly ManualResetEventSlim gate = new(initialState: true);
    private readonly EmbeddedStore store;
    private Func<bool> fails = () => false;
    private int commits;

    public WriteLaneTests() => store = new EmbeddedStore
    {
        Options = new EmbeddedStorageOptions { BeforeCommit = (_, _) => Meet() },
    };

    public ValueTask InitializeAsync() => store.OpenCleanAsync();

    public async ValueTask DisposeAsync()
    {
        gate.Set();
        await store.DisposeAsync();
        gate.Dispose();
    }

    [Fact]
    public async Task Writes_that_wait_together_share_a_transaction()
    {
        await Task.WhenAll(StartBehindAHeldOne(10));

        Assert.Equal(2, commits);
        Assert.Equal(11, (await Changes.MustAgreeAsync(store.Storage)).Count);
    }

    [Fact]
    public async Task Waves_share_a_transaction()
    {
        var before = commits;
        var outcomes = await store.Storage.For(Changes.Tenant).Documents.CommitInWavesAsync(
            [[Changes.Make(1)], [Changes.Make(2), Changes.Make(3)], [Changes.Make(4)]], TestContext.Current.CancellationToken);

        Assert.Equal(4, outcomes.OfType<CommitOutcome.Committed>().Count());
        Assert.Equal(before + 1, commits);
        Assert.Equal([1, 2, 3, 4], await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task Waves_whose_transaction_fails_left_nothing_and_are_carried_out_anew()
    {
        fails = () => true;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await WavesAsync());
        fails = () => false;

        Assert.Equal(2, (await WavesAsync()).OfType<CommitOutcome.Committed>().Count());
        Assert.Equal([1, 2], await Changes.MustAgreeAsync(store.Storage));

        ValueTask<IReadOnlyList<CommitOutcome>> WavesAsync() => store.Storage.For(Changes.Tenant).Documents.CommitInWavesAsync(
            [[Changes.Make(1)], [Changes.Make(2)]], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_wrote_is_told_before_the_log_is_moved_and_the_file_is_closed_behind_that()
    {
        using var folder = new TemporaryFolder();
        using var crew = new WriteCrew(1);
        using var moved = new ManualResetEventSlim();
        using var patience = Deadline.Start(TestContext.Current.CancellationToken);
        var path = Path.Combine(folder.Path, "one.db");
        NewSqliteFile.Make(path, FileLayout.Tenant, "owner");
        var isMoved = false;
        var lane = new WriteLane(crew, () => Writer.Open(path), static _ => { }, static _ => { }, Move);

        Assert.Equal(7, await lane.AddAsync(static _ => 7, CancellationToken.None).WaitAsync(patience.Token));
        var closing = Task.Run(lane.Dispose, TestContext.Current.CancellationToken);
        await Task.WhenAny(closing, Deadline.MomentAsync(patience.Token));
        Assert.False(closing.IsCompleted);
        moved.Set();
        await closing;

        Assert.True(isMoved);

        void Move(Writer writer)
        {
            moved.Wait(patience.Token);
            writer.MoveLongLog();
            isMoved = true;
        }
    }

    [Fact]
    public async Task A_lost_batch_does_not_fail_its_neighbours()
    {
        var waiting = StartBehindAHeldOne(5, extra: 3);
        var outcomes = await Task.WhenAll(waiting);

        Assert.Single(outcomes.OfType<CommitOutcome.Lost>());
        Assert.Equal([0, 1, 2, 3, 4, 5], await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task When_a_shared_transaction_fails_each_write_is_tried_alone()
    {
        // Commit 1 is the held one, 2 the shared one that fails, 3 to 7 the five alone, of which one fails again.
        fails = () => commits is 2 or 5;
        var outcomes = StartBehindAHeldOne(5);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Task.WhenAll(outcomes));

        _ = Assert.Single(outcomes, outcome => outcome.IsFaulted);
        Assert.Equal([0, 1, 2, 4, 5], await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task After_a_failure_nothing_is_written_and_the_next_write_goes_on()
    {
        fails = () => true;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Changes.CommitAsync(store.Storage, 1));
        fails = () => false;

        await Changes.CommitAsync(store.Storage, 2);
        Assert.Equal([2], await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_waiting_writes_nothing()
    {
        using var patience = new CancellationTokenSource();
        var waiting = StartBehindAHeldOne(1, before: () =>
        {
            var documents = store.Storage.For(Changes.Tenant).Documents;
            var given = documents.CommitAsync(Changes.Make(50), patience.Token).AsTask();
            patience.Cancel();
            return given;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting[0]);
        await Task.WhenAll(waiting[1..]);
        Assert.Equal([0, 1], await Changes.MustAgreeAsync(store.Storage));
    }

    private Task<CommitOutcome>[] StartBehindAHeldOne(
        int count, int? extra = null, Func<Task<CommitOutcome>>? before = null)
    {
        gate.Reset();
        var held = Changes.CommitAsync(store.Storage, 0);
        SpinWait.SpinUntil(() => Volatile.Read(ref commits) == 1);
        List<Task<CommitOutcome>> waiting = [];
        if (before is not null)
        {
            waiting.Add(before());
        }

        waiting.Add(held);
        waiting.AddRange(Enumerable.Range(1, count).Select(number => Changes.CommitAsync(store.Storage, number)));
        if (extra is { } number)
        {
            waiting.Add(Changes.CommitAsync(store.Storage, number));
        }

        gate.Set();
        return [.. waiting];
    }

    private void Meet()
    {
        Interlocked.Increment(ref commits);
        gate.Wait(TestContext.Current.CancellationToken);
        if (fails())
        {
            throw new IOException("A disk that fails.");
        }
    }
}
