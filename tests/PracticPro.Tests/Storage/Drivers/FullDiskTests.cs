using System.Diagnostics;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class FullDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_may_not_grow_takes_whole_changes_or_none_and_goes_on_later()
    {
        var pages = 40L;
        await using var store = new EmbeddedStore
        {
            Options = new EmbeddedStorageOptions
            {
                BeforeCommit = (path, session) => _ = session.Number($"PRAGMA max_page_count = {pages}"),
            },
        };
        await store.OpenCleanAsync();

        var stored = await FillAsync(store.Storage);
        Assert.Equal(Enumerable.Range(0, stored), await Changes.MustAgreeAsync(store.Storage));

        // The new limit takes hold with a commit that needs no new page: the place the last one had.
        pages = 4000;
        var leases = store.Storage.For(Changes.Tenant).Leases;
        Assert.IsType<LeaseOutcome.Granted>(
            await leases.AcquireAsync(new LeaseName("x"), TimeSpan.FromSeconds(1), Cancellation));
        await Changes.CommitAsync(store.Storage, stored, bodyBytes: 20_000);
        Assert.Equal(Enumerable.Range(0, stored + 1), await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_store_goes_on_when_there_is_space_again()
    {
        using var disk = await SmallDisk.MountAsync();
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[2 << 20], Cancellation);
        await using var storage = SqliteStorage.Open(
            new EmbeddedStorageOptions { Folder = Path.Combine(disk.Path, "data") }, new Support.FakeClock());

        var stored = await FillAsync(storage);
        Assert.Equal("the disk is full", (await RefusedAsync(storage, stored)).Reason);
        File.Delete(filler);

        Assert.Equal(Enumerable.Range(0, stored), await Changes.MustAgreeAsync(storage));
        await Changes.CommitAsync(storage, stored, bodyBytes: 20_000);
        Assert.Equal(Enumerable.Range(0, stored + 1), await Changes.MustAgreeAsync(storage));
    }

    [Fact]
    public async Task A_blob_that_does_not_fit_never_appears_and_leaves_no_bytes()
    {
        using var disk = await SmallDisk.MountAsync();
        var folder = Path.Combine(disk.Path, "data");
        await using var storage = SqliteStorage.Open(
            new EmbeddedStorageOptions { Folder = folder }, new Support.FakeClock());
        var blobs = storage.For(Changes.Tenant).Blobs;

        await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
            await blobs.WriteAsync(new BlobName("big"), new MemoryStream(new byte[6 << 20]), Cancellation));

        Assert.Empty(Directory.GetFiles(folder, "*big*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "incoming")));
        Assert.True(await blobs.WriteAsync(new BlobName("small"), new MemoryStream(new byte[1 << 20]), Cancellation));
    }

    private static async Task<int> FillAsync(IStorage storage)
    {
        for (var number = 0; number < 1000; number++)
        {
            try
            {
                await Changes.CommitAsync(storage, number, bodyBytes: 20_000);
            }
            catch (StorageUnavailableException)
            {
                return number;
            }
        }

        throw new InvalidOperationException("The disk never became full.");
    }

    private static async Task<StorageUnavailableException> RefusedAsync(IStorage storage, int number) =>
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => Changes.CommitAsync(storage, number, bodyBytes: 20_000));

    /// <summary>A memory disk of 5 MiB, where the machine lets one be mounted.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public string Path => folder.Path;

        public static async Task<SmallDisk> MountAsync()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk can be mounted on Linux only.");
            var disk = new SmallDisk();
            if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", disk.Path) != 0)
            {
                disk.folder.Dispose();
                Assert.Skip("This account may not mount a memory disk.");
            }

            return disk;
        }

        public void Dispose()
        {
            using var unmount = Process.Start("umount", ["-l", Path]);
            unmount.WaitForExit();
            folder.Dispose();
        }

        private static async Task<int> RunAsync(string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(Cancellation);
            return process.ExitCode;
        }
    }
}
