using System.Collections.Immutable;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Tests.Backup;

/// <summary>A restore does not bring back what was erased since.</summary>
[Trait("Promise", "OPS-1")]
public sealed class ErasuresAfterRestoreTests
{
    private static readonly DocumentKind Kind = DocumentKind.Of("token");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_erased_after_the_moment_is_not_in_the_restored_store()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await PutAsync(store.Storage, "kept", "erased");
        await store.ShipAsync();
        var before = store.Clock.GetUtcNow();
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await EraseAsync(store, "erased");
        await store.ShipAsync();

        await using var restored = await store.RestoredAsync(before - TimeSpan.FromMilliseconds(15));

        Assert.Equal(1, restored.Result.ErasedAgain);
        Assert.Null(await FindAsync(restored.Storage, "erased"));
        Assert.NotNull(await FindAsync(restored.Storage, "kept"));
        var ledger = await ErasureLedger.ReadAsync(restored.Storage.For(BackedUpStore.Tenant).Logs, 0, Cancellation);
        Assert.Equal("erased", Assert.Single(Assert.Single(ledger).Keys).Id);
    }

    [Fact]
    public async Task A_document_that_was_erased_and_written_anew_before_the_moment_is_kept()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await PutAsync(store.Storage, "connection");
        await EraseAsync(store, "connection");
        await PutAsync(store.Storage, "connection");
        await store.ShipAsync();

        await using var restored = await store.RestoredAsync();
        Assert.NotNull(await FindAsync(restored.Storage, "connection"));
        Assert.Equal(0, restored.Result.ErasedAgain);
    }

    [Fact]
    public async Task A_ledger_that_knows_more_than_the_backup_is_carried_out_as_well()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await PutAsync(store.Storage, "first", "second");
        await store.ShipAsync();
        await EraseAsync(store, "second");
        using var file = new StringWriter();
        await ErasureFile.WriteAsync(file, store.Storage, [BackedUpStore.Tenant], Cancellation);
        using var lines = new StringReader(file.ToString());
        var live = ErasureFile.Read(lines).Expect();

        await using var restored = await store.RestoredAsync(live: live);
        Assert.NotNull(await FindAsync(restored.Storage, "first"));
        Assert.Null(await FindAsync(restored.Storage, "second"));
    }

    [Fact]
    public async Task A_ledger_of_another_store_is_refused()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await PutAsync(store.Storage, "first");
        await EraseAsync(store, "first");
        await store.ShipAsync();
        var strange = ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>.Empty.Add(
            BackedUpStore.Tenant, [new ErasureEntry(1, [new ErasedDocument("token", "another")])]);

        var outcome = await store.RestoreAsync(store.Scratch("into"), null, strange);

        Assert.IsType<BackupFailures.LedgerDiffers>(outcome.Failure);
        Assert.False(Directory.Exists(store.Scratch("into")));
    }

    [Fact]
    public async Task A_restore_that_did_not_end_is_opened_by_no_store()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await PutAsync(store.Storage, "first");
        await store.ShipAsync();
        (await store.RestoreAsync(store.Scratch("into"))).Expect();
        await File.WriteAllBytesAsync(Path.Combine(store.Scratch("into"), "restoring"), [], Cancellation);

        Assert.Throws<StorageNotReleasedException>(
            () => SqliteStorage.Open(new EmbeddedStorageOptions { Folder = store.Scratch("into") }, store.Clock));
    }

    [Fact]
    public async Task A_restored_file_that_was_not_released_is_read_by_nobody()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await PutAsync(store.Storage, "first");
        await store.CloseAsync();
        var path = Path.Combine(store.Folder, "tenants", "practice.db");
        await using (var file = File.OpenWrite(path))
        {
            file.Position = 71;
            file.WriteByte((byte)(FileLayout.Tenant.RestoredMark & 0xFF));
        }

        File.Delete(path + "-wal");
        await using var opened = SqliteStorage.Open(new EmbeddedStorageOptions { Folder = store.Folder }, store.Clock);
        await Assert.ThrowsAsync<StorageNotReleasedException>(async () => await FindAsync(opened, "first"));
        await Assert.ThrowsAsync<StorageNotReleasedException>(async () => await PutAsync(opened, "second"));
    }

    [Fact]
    public async Task A_folder_with_anything_in_it_is_not_restored_into()
    {
        await using var store = await BackedUpStore.OpenAsync();
        await PutAsync(store.Storage, "first");
        await store.ShipAsync();
        Directory.CreateDirectory(store.Scratch("into"));
        await File.WriteAllTextAsync(Path.Combine(store.Scratch("into"), "mine"), "mine", Cancellation);

        Assert.IsType<BackupFailures.NotEmpty>((await store.RestoreAsync(store.Scratch("into"))).Failure);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(store.Scratch("into"), "mine"), Cancellation));
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task Destroying_a_practices_key_makes_its_backup_unreadable_and_no_other()
    {
        await using var store = await BackedUpStore.OpenAsync(null, "ended-one");
        await PutAsync(store.Storage, "first");
        await store.Storage.For(TenantId.Parse("ended-one")).Documents.CommitAsync(
            new Batch([Put("second")]), Cancellation);
        await store.Storage.For(TenantId.Parse("ended-one")).Blobs.WriteAsync(
            new BlobName("a"), new MemoryStream([1]), Cancellation);
        await store.ShipAsync();

        (await store.Vault.KeyEncryption.DestroyAsync(TenantId.Parse("ended-one"), Cancellation)).Expect();
        var (restored, unreadable) = await RestoreWithFreshKeysAsync(store);
        await using var _ = restored;
        Assert.Equal(["ended-one"], unreadable);
        Assert.NotNull(await FindAsync(restored, "first"));
        Assert.False(File.Exists(Path.Combine(store.Scratch("into"), "tenants", "ended-one.db")));

        // And the backup makes no new key where one was destroyed.
        await store.ReopenAsync();
        await store.Storage.For(TenantId.Parse("ended-one")).Documents.CommitAsync(new Batch([Put("third")]), Cancellation);
        Assert.Equal(1, (await store.RoundAsync()).Unreadable);
    }

    private static async Task<(SqliteStorage Restored, IReadOnlyList<string> Unreadable)> RestoreWithFreshKeysAsync(BackedUpStore store)
    {
        using var vault = await PracticPro.Vault.Drivers.Local.LocalVault.OpenAsync(
            store.KeyFile, store.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Cancellation);
        var restore = new RestoreBackup(
            new PracticPro.Backup.Drivers.Folder.FolderTarget(store.BackupFolder), new PieceKeys(vault.KeyEncryption), store.Clock);
        var result = (await restore.RunAsync(
            store.Scratch("into"), null, ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>.Empty, Cancellation)).Expect();
        return (SqliteStorage.Open(new EmbeddedStorageOptions { Folder = store.Scratch("into") }, store.Clock), result.Unreadable);
    }

    private static Operation Put(string id) => new Operation.Put(new Document(Kind.Key(id), new byte[50]), Condition.Any);

    private static async Task PutAsync(SqliteStorage storage, params string[] ids) =>
        await storage.For(BackedUpStore.Tenant).Documents.CommitAsync(new Batch(ids.Select(Put)), Cancellation);

    private static async Task EraseAsync(BackedUpStore store, string id) =>
        await store.Storage.For(BackedUpStore.Tenant).Documents.CommitAsync(
            new Batch(ErasureLedger.Compose(store.Clock, [Kind.Key(id)])), Cancellation);

    private static ValueTask<StoredDocument?> FindAsync(SqliteStorage storage, string id) =>
        storage.For(BackedUpStore.Tenant).Documents.FindAsync(Kind.Key(id), Cancellation);
}
