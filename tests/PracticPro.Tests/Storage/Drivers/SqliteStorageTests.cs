using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class SqliteStorageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_tenants_than_open_files_lose_nothing()
    {
        await using var store = new EmbeddedStore { Options = new EmbeddedStorageOptions { OpenTenants = 3 } };
        await store.OpenCleanAsync();
        var tenants = Enumerable.Range(0, 12).Select(at => TenantId.Parse($"practice-{at}")).ToList();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(who => Task.Run(async () =>
        {
            foreach (var tenant in tenants)
            {
                await store.Storage.For(tenant).Documents.CommitAsync(Changes.Make(who), Cancellation);
            }
        })));

        Assert.InRange(store.Opened.OpenTenantFiles, 1, 3);
        foreach (var tenant in tenants)
        {
            Assert.Equal(8, await store.Storage.For(tenant).Logs.CountAsync(new LogName("changes"), Cancellation));
        }

        Assert.InRange(store.Opened.OpenTenantFiles, 1, 3);
    }

    [Fact]
    public async Task Keys_that_are_looked_up_together_are_seen_as_of_one_moment()
    {
        await using var store = new EmbeddedStore();
        await store.OpenCleanAsync();
        var documents = store.Storage.For(Changes.Tenant).Documents;
        DocumentKey[] keys = [DocumentKind.Of("plain").Key("one"), DocumentKind.Of("plain").Key("two")];
        await WriteAsync(0);
        var writing = Task.Run(
            async () =>
            {
                for (var value = 1; value <= 300; value++)
                {
                    await WriteAsync(value);
                }
            },
            Cancellation);

        while (!writing.IsCompleted)
        {
            var found = await documents.FindManyAsync(keys, Cancellation);
            Assert.Equal(found[0]!.Document.Body.ToArray(), found[1]!.Document.Body.ToArray());
        }

        await writing;

        async Task WriteAsync(int value) => Assert.IsType<CommitOutcome.Committed>(await documents.CommitAsync(
            new Batch([.. keys.Select(key => new Operation.Put(new Document(key, BitConverter.GetBytes(value)), Condition.Any))]),
            Cancellation));
    }

    [Fact]
    public async Task Deleted_content_is_not_in_the_closed_files()
    {
        await using var store = new EmbeddedStore();
        await store.OpenCleanAsync();
        var documents = store.Storage.For(Changes.Tenant).Documents;
        var kind = DocumentKind.Of("plain");
        foreach (var length in new[] { 50, 30_000 })
        {
            var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("deleted-secret ", length / 15)));
            var key = kind.Key($"{length}");
            var put = new Operation.Put(new Document(key, body), Condition.Any);
            await documents.CommitAsync(new Batch([put]), Cancellation);
            await documents.CommitAsync(new Batch([new Operation.Delete(key, Condition.Any)]), Cancellation);
        }

        await store.CloseAsync();

        Assert.False(File.Exists(Path.Combine(store.Folder, "tenants", "practice.db-wal")));
        foreach (var file in Directory.GetFiles(store.Folder, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancellation);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("deleted-secret"u8));
        }
    }

    [Fact]
    public async Task A_long_log_is_moved_into_the_file_while_that_is_open()
    {
        await using var store = new EmbeddedStore();
        await store.OpenCleanAsync();
        for (var number = 0; number < 80; number++)
        {
            await Changes.CommitAsync(store.Storage, number, bodyBytes: 100_000);
        }

        Assert.InRange(new FileInfo(Path.Combine(store.Folder, "tenants", "practice.db")).Length, 5_000_000, 10_000_000);
        Assert.InRange(new FileInfo(Path.Combine(store.Folder, "tenants", "practice.db-wal")).Length, 0, 3_000_000);
    }

    [Fact]
    public async Task A_large_log_is_emptied_while_the_file_is_open()
    {
        await using var store = new EmbeddedStore
        {
            Options = new EmbeddedStorageOptions { LargeLogBytes = 200_000 },
        };
        await store.OpenCleanAsync();
        for (var number = 0; number < 40; number++)
        {
            await Changes.CommitAsync(store.Storage, number, bodyBytes: 20_000);
        }

        Assert.InRange(new FileInfo(Path.Combine(store.Folder, "tenants", "practice.db-wal")).Length, 0, 300_000);
        Assert.Equal(40, (await Changes.MustAgreeAsync(store.Storage)).Count);
    }

    [Fact]
    public async Task Blobs_a_crash_left_on_their_way_in_are_swept_at_open()
    {
        await using var store = new EmbeddedStore();
        var incoming = Directory.CreateDirectory(Path.Combine(store.Folder, "incoming")).FullName;
        await File.WriteAllTextAsync(Path.Combine(incoming, "practice.0123"), "half", Cancellation);

        await store.OpenCleanAsync();

        Assert.Empty(Directory.GetFiles(incoming));
    }

    [Fact]
    public async Task A_closed_store_refuses_to_write()
    {
        await using var store = new EmbeddedStore();
        await store.OpenCleanAsync();
        var storage = store.Storage;
        await storage.For(Changes.Tenant).Documents.CommitAsync(Changes.Make(1), Cancellation);
        await store.CloseAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Changes.CommitAsync(storage, 2));
    }

    [Fact]
    public async Task The_container_gives_one_store_and_lets_its_folder_go()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new Support.FakeClock())
            .AddEmbeddedStorage(new EmbeddedStorageOptions { Folder = folder.Path });
        await using (var provider = services.BuildServiceProvider())
        {
            await Changes.CommitAsync(provider.GetRequiredService<IStorage>(), 1);
            Assert.Same(provider.GetRequiredService<SqliteStorage>().Fleet, provider.GetRequiredService<IFleet>());
            Assert.Throws<DataFolderInUseException>(() => DataFolder.Open(folder.Path));
        }

        DataFolder.Open(folder.Path).Dispose();
    }
}
