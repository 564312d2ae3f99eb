using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>
/// A program that is killed leaves the files as they are at that moment. These tests copy them at such moments (and
/// worse ones: a log cut at any byte, as a power cut may leave it) and open the copies.
/// </summary>
public sealed class CrashTests : IAsyncDisposable
{
    private readonly ConcurrentBag<int> acknowledged = [];
    private readonly List<(TemporaryFolder Image, int[] Acknowledged)> images = [];

    public ValueTask DisposeAsync()
    {
        images.ForEach(image => image.Image.Dispose());
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(64 << 20)]
    [InlineData(1)]
    public async Task A_kill_at_any_commit_keeps_what_was_acknowledged_and_no_half(long largeLogBytes)
    {
        var commits = 0;
        await using var store = new EmbeddedStore
        {
            Options = new EmbeddedStorageOptions
            {
                LargeLogBytes = largeLogBytes,
                BeforeCommit = (path, _) =>
                {
                    if (++commits % 5 == 0)
                    {
                        TakeImage(path);
                    }
                },
            },
        };
        await store.OpenCleanAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(who => Task.Run(() => WriteAsync(store, who * 1000))));

        Assert.InRange(images.Count, 5, 100);
        foreach (var (image, known) in images)
        {
            Assert.Subset((await StoredAsync(image)).ToHashSet(), known.ToHashSet());
        }
    }

    [Fact]
    public async Task A_log_cut_or_spoilt_at_any_byte_opens_to_whole_changes()
    {
        await using var store = new EmbeddedStore();
        await store.OpenCleanAsync();
        await WriteAsync(store, 0);
        TakeImage(Path.Combine(store.Folder, "tenants", Changes.Tenant.Text + ".db"));
        var log = await File.ReadAllBytesAsync(LogOf(images[0].Image), TestContext.Current.CancellationToken);

        var cuts = Gen.Choose(0, log.Length).ToArbitrary();
        Prop.ForAll(cuts, cut => OpensToWholeChanges(images[0].Image, log, cut))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
        Assert.Equal(acknowledged.Order(), await OpenWithLogAsync(images[0].Image, log));
    }

    [Fact]
    public async Task A_file_that_was_being_made_is_made_anew()
    {
        await using var store = new EmbeddedStore();
        Directory.CreateDirectory(Path.Combine(store.Folder, "tenants"));
        foreach (var end in new[] { ".db.new", ".db.new-wal", ".db.new-shm" })
        {
            await File.WriteAllTextAsync(
                Path.Combine(store.Folder, "tenants", Changes.Tenant.Text + end),
                "half",
                TestContext.Current.CancellationToken);
        }

        await store.OpenCleanAsync();
        await Changes.CommitAsync(store.Storage, 7);

        Assert.Equal([7], await Changes.MustAgreeAsync(store.Storage));
    }

    // FsCheck's laws are synchronous: the store's answers are waited for here.
    private static bool OpensToWholeChanges(TemporaryFolder image, byte[] log, int cut)
    {
        var spoilt = log[..Math.Min(log.Length, cut + 500)];
        Array.Fill(spoilt, (byte)0x5A, cut, spoilt.Length - cut);
        var afterCut = OpenWithLogAsync(image, log[..cut]).GetAwaiter().GetResult();
        var afterSpoiling = OpenWithLogAsync(image, spoilt).GetAwaiter().GetResult();

        // Changes were made one by one, so whole ones from the first on are left.
        Assert.Equal(Enumerable.Range(0, afterCut.Count), afterCut);
        Assert.Equal(afterCut, afterSpoiling);
        return true;
    }

    private static async Task<IReadOnlyList<int>> OpenWithLogAsync(TemporaryFolder image, byte[] log)
    {
        using var copy = new TemporaryFolder();
        CopyFile(image.Path, copy.Path);
        await File.WriteAllBytesAsync(LogOf(copy), log, TestContext.Current.CancellationToken);
        return await StoredAsync(copy);
    }

    private static async Task<IReadOnlyList<int>> StoredAsync(TemporaryFolder image)
    {
        await using var opened = SqliteStorage.Open(
            new EmbeddedStorageOptions { Folder = image.Path }, new Support.FakeClock());
        await Changes.CommitAsync(opened, 999_999);
        return [.. (await Changes.MustAgreeAsync(opened)).Where(number => number != 999_999)];
    }

    private static string FileIn(string folder) => Path.Combine(folder, "tenants", Changes.Tenant.Text + ".db");

    private static string LogOf(TemporaryFolder image) => FileIn(image.Path) + "-wal";

    private static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "tenants"));
        File.Copy(FileIn(from), FileIn(to));
    }

    private void TakeImage(string file)
    {
        // What callers were told so far, before the copy: it must all be in it.
        var known = acknowledged.ToArray();
        var image = new TemporaryFolder();
        CopyFile(Path.GetDirectoryName(Path.GetDirectoryName(file))!, image.Path);
        File.Copy(file + "-wal", LogOf(image));
        images.Add((image, known));
    }

    private async Task WriteAsync(EmbeddedStore store, int first)
    {
        for (var number = first; number < first + 30; number++)
        {
            await Changes.CommitAsync(store.Storage, number);
            acknowledged.Add(number);
        }
    }
}
