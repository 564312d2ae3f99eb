using Microsoft.Data.Sqlite;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class DamagedFileTests : IAsyncLifetime
{
    private readonly EmbeddedStore store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File1 => Path.Combine(store.Folder, "tenants", Changes.Tenant.Text + ".db");

    public async ValueTask InitializeAsync()
    {
        await store.OpenCleanAsync();
        for (var number = 0; number < 20; number++)
        {
            await Changes.CommitAsync(store.Storage, number, bodyBytes: 5000);
        }

        await store.CloseAsync();
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        await File.WriteAllBytesAsync(File1, new byte[70_000], Cancellation);

        await RefusedAsync<StorageCorruptException>();
        Assert.Equal(new byte[70_000], await File.ReadAllBytesAsync(File1, Cancellation));
    }

    [Fact]
    public async Task An_emptied_file_is_damage_and_no_fresh_start()
    {
        await File.WriteAllBytesAsync(File1, [], Cancellation);

        await RefusedAsync<StorageCorruptException>();
        Assert.Equal(0, new FileInfo(File1).Length);
    }

    [Fact]
    public async Task A_file_that_was_cut_is_refused()
    {
        await using (var file = File.OpenWrite(File1))
        {
            file.SetLength(file.Length / 2 / 4096 * 4096);
        }

        await RefusedAsync<StorageCorruptException>();
    }

    [Fact]
    public async Task A_log_without_its_file_is_damage_and_no_fresh_start()
    {
        File.Move(File1, File1 + "-wal");

        await RefusedAsync<StorageCorruptException>();
        Assert.True(File.Exists(File1 + "-wal"));
    }

    [Fact]
    public async Task Another_tenants_file_in_this_ones_place_is_refused()
    {
        File.Copy(File1, Path.Combine(store.Folder, "tenants", "other.db"));
        await store.OpenCleanAsync();

        await Assert.ThrowsAsync<StorageCorruptException>(async () =>
            await store.Storage.For(TenantId.Parse("other")).Logs.CountAsync(new LogName("changes"), Cancellation));
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused()
    {
        await using (var connection = new SqliteConnection($"Data Source={File1};Pooling=False"))
        {
            await connection.OpenAsync(Cancellation);
            var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 2";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var refusal = await RefusedAsync<StorageTooNewException>();
        Assert.Equal((2, 1), (refusal.Found, refusal.Known));
    }

    [Fact]
    public async Task Damage_to_one_tenant_leaves_the_others_alone()
    {
        await File.WriteAllBytesAsync(File1, [1, 2, 3], Cancellation);
        await store.OpenCleanAsync();
        var healthy = store.Storage.For(TenantId.Parse("healthy")).Documents;

        Assert.IsType<CommitOutcome.Committed>(await healthy.CommitAsync(Changes.Make(1), Cancellation));
    }

    private async Task<TException> RefusedAsync<TException>()
        where TException : Exception
    {
        await store.OpenCleanAsync();
        await Assert.ThrowsAsync<TException>(() => Changes.CommitAsync(store.Storage, 1000));
        var refusal = await Assert.ThrowsAsync<TException>(() => Changes.MustAgreeAsync(store.Storage));
        await store.CloseAsync();
        return refusal;
    }
}
