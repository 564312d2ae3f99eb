using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Tests.Storage.Drivers;

namespace PracticPro.Tests.Backup;

/// <summary>Copying beside the writers, over restarts and through trouble: nothing is lost, and gaps are said.</summary>
[Trait("Promise", "OPS-1")]
public sealed class ShippingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_that_go_on_meanwhile_lose_no_commit()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await Changes.CommitAsync(store.Storage, 0);
        var writers = Enumerable.Range(0, 3).Select(who => Task.Run(async () =>
        {
            for (var number = 1; number <= 60; number++)
            {
                await Changes.CommitAsync(store.Storage, (who * 1000) + number, bodyBytes: 30_000);
            }
        })).ToList();
        while (writers.Any(writer => !writer.IsCompleted))
        {
            await store.ShipAsync();
        }

        await Task.WhenAll(writers);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();
        await using var restored = await store.RestoredAsync();
        Assert.Equal(await store.DigestAsync(), await restored.DigestAsync());
        Assert.Equal(181, (await Changes.MustAgreeAsync(restored.Storage)).Count);
    }

    [Fact]
    public async Task A_program_that_starts_again_goes_on_in_the_same_chain()
    {
        await using var store = await BackedUpStore.OpenAsync();
        for (var number = 0; number < 4; number++)
        {
            await Changes.CommitAsync(store.Storage, number);
            store.Clock.Advance(TimeSpan.FromSeconds(1));
            await store.ShipAsync();
            await Changes.CommitAsync(store.Storage, 100 + number);
            await store.ReopenAsync();
        }

        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();
        Assert.All(store.Pieces(), piece => Assert.Equal("000001", Path.GetFileName(Path.GetDirectoryName(piece))));
        await using var restored = await store.RestoredAsync();
        Assert.Equal(await store.DigestAsync(), await restored.DigestAsync());
    }

    [Fact]
    public async Task A_log_nobody_writes_to_is_emptied_so_that_the_erased_does_not_stay_in_it()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await Changes.CommitAsync(store.Storage, 1);
        await store.ShipAsync();
        var log = new FileInfo(Path.Combine(store.Folder, "tenants", "practice.db-wal"));
        Assert.True(log.Length > 0);
        for (var round = 0; round < 2; round++)
        {
            store.Clock.Advance(TimeSpan.FromMinutes(61));
            await store.ShipAsync();
        }

        log.Refresh();
        Assert.Equal(0, log.Length);
        await Changes.CommitAsync(store.Storage, 2);
        await store.ShipAsync();
        await using var restored = await store.RestoredAsync();
        Assert.Equal(await store.DigestAsync(), await restored.DigestAsync());
        Assert.Single(store.Pieces().Select(Path.GetDirectoryName).Distinct());
    }

    [Fact]
    public async Task A_program_without_backup_in_between_leaves_a_gap_that_is_said()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await Changes.CommitAsync(store.Storage, 1);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();
        var first = await store.DigestAsync();
        var covered = store.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(500);
        store.Clock.Advance(TimeSpan.FromMinutes(1));

        await store.ReopenAsync(keepLogs: false);
        await Changes.CommitAsync(store.Storage, 2);
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        var inGap = store.Clock.GetUtcNow();
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await store.ReopenAsync();
        await Changes.CommitAsync(store.Storage, 3);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();

        Assert.IsType<BackupFailures.InGap>((await store.RestoreAsync(store.Scratch("gap"), inGap)).Failure);
        await using var newest = await store.RestoredAsync();
        Assert.Equal(await store.DigestAsync(), await newest.DigestAsync());
        await using var before = await store.RestoredAsync(covered - TimeSpan.FromMilliseconds(400));
        Assert.NotEqual(first, string.Empty);
    }

    [Fact]
    public async Task A_place_that_is_full_stops_the_backup_and_not_the_store()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await Changes.CommitAsync(store.Storage, 1);
        await store.ShipAsync();
        store.Target = new FullTarget(new FolderTarget(store.BackupFolder));
        store.StartBackup();
        await Changes.CommitAsync(store.Storage, 2);
        store.Clock.Advance(TimeSpan.FromMinutes(1));

        var standing = await store.RoundAsync();
        Assert.Equal("the backup's place cannot be read or written", standing.Trouble);
        Assert.True(standing.Lag(store.Clock.GetUtcNow()) > TimeSpan.FromSeconds(59));
        await Changes.CommitAsync(store.Storage, 3);

        ((FullTarget)store.Target).IsFull = false;
        await store.ShipAsync();
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();
        await using var restored = await store.RestoredAsync();
        Assert.Equal([1, 2, 3], await Changes.MustAgreeAsync(restored.Storage));
    }

    [Fact]
    public async Task A_moment_that_was_not_copied_yet_is_refused()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await Changes.CommitAsync(store.Storage, 1);
        await store.ShipAsync();

        var outcome = await store.RestoreAsync(store.Scratch("into"), store.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        Assert.IsType<BackupFailures.NotCovered>(outcome.Failure);
        Assert.IsType<BackupFailures.NoBackup>((await new RestoreBackup(
            new FolderTarget(store.Scratch("nothing")), new PieceKeys(store.Vault.KeyEncryption), store.Clock).ReadHeadAsync(Cancellation)).Failure);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(30)]
    public async Task The_window_of_the_plan_is_kept_and_what_is_older_goes(int days)
    {
        await using var store = await BackedUpStore.OpenAsync(new BackupOptions { Days = days });
        var moments = new List<(DateTimeOffset At, string Digest)>();
        for (var day = 0; day < days + 10; day++)
        {
            await Changes.CommitAsync(store.Storage, day);
            store.Clock.Advance(TimeSpan.FromSeconds(1));
            moments.Add((store.Clock.GetUtcNow(), await store.DigestAsync()));
            store.Clock.Advance(TimeSpan.FromHours(24));
            await store.ShipAsync();
        }

        var now = store.Clock.GetUtcNow();
        var within = moments.First(moment => now - moment.At < TimeSpan.FromDays(days));
        await using var restored = await store.RestoredAsync(within.At);
        Assert.Equal(within.Digest, await restored.DigestAsync());
        Assert.IsType<BackupFailures.BeforeWindow>((await store.RestoreAsync(store.Scratch("old"), moments[0].At)).Failure);
        Assert.InRange(store.Pieces().Select(Path.GetDirectoryName).Distinct().Count(), days, days + 2);
    }

    [Fact]
    public async Task A_log_nobody_can_copy_is_emptied_in_the_end_and_the_gap_is_said()
    {
        await using var store = await BackedUpStore.OpenAsync();
        store.LargestLogBytes = 400_000;
        await store.ReopenAsync();
        await Changes.CommitAsync(store.Storage, 1);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();
        for (var number = 2; number < 12; number++)
        {
            store.Clock.Advance(TimeSpan.FromMinutes(1));
            await Changes.CommitAsync(store.Storage, number, bodyBytes: 100_000);
        }

        var inGap = store.Clock.GetUtcNow() - TimeSpan.FromMinutes(3);
        Assert.True(new FileInfo(Path.Combine(store.Folder, "tenants", "practice.db-wal")).Length < 600_000);
        await store.RoundAsync();
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();

        Assert.IsType<BackupFailures.InGap>((await store.RestoreAsync(store.Scratch("gap"), inGap)).Failure);
        await using var restored = await store.RestoredAsync();
        Assert.Equal(await store.DigestAsync(), await restored.DigestAsync());
    }

    private sealed class FullTarget(IBackupTarget inner) : IBackupTarget
    {
        public bool IsFull { get; set; } = true;

        public void Put(string name, Action<Stream> write)
        {
            Refuse();
            inner.Put(name, write);
        }

        public void Replace(string name, Action<Stream> write)
        {
            Refuse();
            inner.Replace(name, write);
        }

        public Stream? OpenRead(string name) => inner.OpenRead(name);

        public IReadOnlyList<string> List(string prefix) => inner.List(prefix);

        public void Delete(string name) => inner.Delete(name);

        private void Refuse()
        {
            if (IsFull)
            {
                throw new BackupTargetException(new IOException("No space left on device"));
            }
        }
    }
}
