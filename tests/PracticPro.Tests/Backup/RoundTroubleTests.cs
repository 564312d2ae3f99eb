using System.Collections.Immutable;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;
using PracticPro.Tests.Storage.Drivers;
using PracticPro.Vault;

namespace PracticPro.Tests.Backup;

/// <summary>Rounds that are cut short: the head never says that something is covered which was not copied.</summary>
[Trait("Promise", "OPS-1")]
public sealed class RoundTroubleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_round_that_ends_in_the_middle_leaves_what_is_behind_it_to_the_next()
    {
        await using var store = await BackedUpStore.OpenAsync(null, "other");
        var target = new TroubledTarget(new FolderTarget(store.BackupFolder));
        store.Target = target;
        store.StartBackup();
        await CommitToBothAsync(store, 1);
        await store.ShipAsync();
        await CommitToBothAsync(store, 2);

        target.BeforePut = static () => throw new InvalidOperationException("The round is cut short.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Backup.RunAsync(Cancellation));
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();

        await using var restored = await store.RestoredAsync();
        Assert.Equal(await store.DigestAsync(), await restored.DigestAsync());
        Assert.Equal(await store.DigestAsync("other"), await restored.DigestAsync("other"));
    }

    [Fact]
    public async Task A_piece_that_was_put_although_the_place_said_no_is_gone_on_from()
    {
        await using var store = await BackedUpStore.OpenAsync();
        var target = new TroubledTarget(new FolderTarget(store.BackupFolder));
        store.Target = target;
        store.StartBackup();
        await Changes.CommitAsync(store.Storage, 1);
        await store.ShipAsync();
        await Changes.CommitAsync(store.Storage, 2);

        target.AfterPut = static () => throw new BackupTargetException(new IOException("The folder was not synced."));
        Assert.NotNull((await store.RoundAsync()).Trouble);
        await Changes.CommitAsync(store.Storage, 3);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ShipAsync();

        await using var restored = await store.RestoredAsync();
        Assert.Equal([1, 2, 3], await Changes.MustAgreeAsync(restored.Storage));
    }

    [Fact]
    public async Task A_commit_whose_log_cannot_be_read_again_is_told_as_done_and_copied_later()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await store.CloseAsync();
        var clock = new TroubledClock(store.Clock);
        var keeping = new LogKeeping();
        var isTroubled = false;
        await using (var storage = SqliteStorage.Open(
            new EmbeddedStorageOptions
            {
                Folder = store.Folder,
                Keeping = keeping,
                Writers = 1,
                BeforeCommit = (_, _) => clock.TroubledThread = isTroubled ? Environment.CurrentManagedThreadId : 0,
            },
            clock))
        {
            var backup = new EmbeddedBackup(
                storage, keeping, store.Target, new PieceKeys(store.Vault.KeyEncryption), store.Clock, store.Options);
            await Changes.CommitAsync(storage, 1);
            Assert.Null((await backup.RunAsync(Cancellation)).Trouble);
            isTroubled = true;
            Assert.IsType<CommitOutcome.Committed>(await Changes.CommitAsync(storage, 2));
            Assert.Equal(0, clock.TroubledThread);

            // The moment it is found is its moment, and the head after that covers it.
            for (var round = 0; round < 2; round++)
            {
                store.Clock.Advance(TimeSpan.FromMinutes(1));
                Assert.Null((await backup.RunAsync(Cancellation)).Trouble);
            }
        }

        await using var restored = await store.RestoredAsync();
        Assert.Equal([1, 2], await Changes.MustAgreeAsync(restored.Storage));
    }

    [Fact]
    public async Task A_blob_that_is_deleted_while_it_is_copied_is_asked_for_by_no_index()
    {
        await using var store = await BackedUpStore.OpenAsync();
        var (blobs, name) = (store.Storage.For(BackedUpStore.Tenant).Blobs, new BlobName("notes/one"));
        await blobs.WriteAsync(name, new MemoryStream([1, 2, 3]), Cancellation);
        var keys = new PieceKeys(new MeanwhileKeys(
            store.Vault.KeyEncryption, async () => await blobs.DeleteAsync(name, Cancellation)));

        (await new BlobShipper(store.Target, keys, store.Options.Window, store.Storage, BackedUpStore.Tenant)
            .ShipAsync(store.Clock.GetUtcNow().ToUnixTimeMilliseconds(), Cancellation)).Expect();

        var index = await BlobIndex.FindAsync(new BackupPieces(store.Target, keys), BackedUpStore.Tenant, Cancellation);
        Assert.Empty(index!.Value.Expect().Index.Pieces);
    }

    [Fact]
    public void A_backup_covers_no_more_than_its_stream_that_is_farthest_behind()
    {
        var entry = BackupHead.Entry.None with { Chain = "000001", Covered = 40 };
        var head = new BackupHead(100, ImmutableSortedDictionary<string, BackupHead.Entry>.Empty.Add("one", entry));

        Assert.Equal(100, head.CoveredUntil());
        Assert.Equal(40, head.With("two", _ => entry with { IsBehind = true }).CoveredUntil());
        Assert.Equal(0, BackupHead.Empty.CoveredUntil());
    }

    private static async Task CommitToBothAsync(BackedUpStore store, int number)
    {
        await Changes.CommitAsync(store.Storage, number);
        await store.Storage.For(TenantId.Parse("other")).Documents.CommitAsync(Changes.Make(number), Cancellation);
    }

    /// <summary>Has one trouble when it is told to.</summary>
    private sealed class TroubledTarget(IBackupTarget inner) : IBackupTarget
    {
        public Action? BeforePut { get; set; }

        public Action? AfterPut { get; set; }

        public void Put(string name, Action<Stream> write)
        {
            var (before, after) = (BeforePut, AfterPut);
            (BeforePut, AfterPut) = (null, null);
            before?.Invoke();
            inner.Put(name, write);
            after?.Invoke();
        }

        public void Replace(string name, Action<Stream> write) => inner.Replace(name, write);

        public Stream? OpenRead(string name) => inner.OpenRead(name);

        public IReadOnlyList<string> List(string prefix) => inner.List(prefix);

        public void Delete(string name) => inner.Delete(name);
    }

    /// <summary>Stands for a log that cannot be read: asked for the time on that thread, it throws once.</summary>
    private sealed class TroubledClock(TimeProvider inner) : TimeProvider
    {
        public int TroubledThread { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow()
        {
            if (TroubledThread != Environment.CurrentManagedThreadId)
            {
                return inner.GetUtcNow();
            }

            TroubledThread = 0;
            throw new IOException("Too many open files");
        }
    }

    /// <summary>Something happens whenever a key is wrapped.</summary>
    private sealed class MeanwhileKeys(IKeyEncryption inner, Func<Task> meanwhile) : IKeyEncryption
    {
        public ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.EnsureAsync(tenant, cancellation);

        public ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.RenewAsync(tenant, cancellation);

        public async ValueTask<Outcome<WrappedKey>> WrapAsync(
            TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation)
        {
            await meanwhile();
            return await inner.WrapAsync(tenant, key, context, cancellation);
        }

        public ValueTask<Outcome<SecretBytes>> UnwrapAsync(
            TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation) =>
            inner.UnwrapAsync(tenant, wrapped, context, cancellation);

        public ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.VersionsAsync(tenant, cancellation);

        public ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation) =>
            inner.SwitchOffAsync(tenant, version, cancellation);

        public ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.DestroyAsync(tenant, cancellation);

        public ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.FindDestructionAsync(tenant, cancellation);
    }
}
