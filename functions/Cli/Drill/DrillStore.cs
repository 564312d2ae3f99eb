using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Cli.Drill;

/// <summary>A store with its keys and its backup, as the drill and its writer open them: <c>data</c>, <c>backup</c>, <c>keys.json</c>.</summary>
internal sealed class DrillStore : IAsyncDisposable
{
    public static readonly TenantId[] Tenants = [.. new[] { "drill-a", "drill-b", "drill-c" }.Select(TenantId.Parse)];

    /// <summary>Ids of documents that are erased sooner or later. All others stay.</summary>
    public const string Erasable = "e-";

    private DrillStore(LocalVault vault, SqliteStorage storage, EmbeddedBackup backup) =>
        (Vault, Storage, Backup) = (vault, storage, backup);

    public LocalVault Vault { get; }

    public SqliteStorage Storage { get; }

    public EmbeddedBackup Backup { get; }

    public static string BackupOf(string work) => Path.Combine(work, "backup");

    public static async Task<DrillStore> OpenAsync(string work, CancellationToken cancellation)
    {
        var options = new BackupOptions { Folder = BackupOf(work) };
        var vault = await VaultAsync(work, cancellation);
        foreach (var tenant in Tenants)
        {
            await vault.KeyEncryption.EnsureAsync(tenant, cancellation);
        }

        var keeping = new LogKeeping();
        var storage = SqliteStorage.Open(
            new EmbeddedStorageOptions { Folder = Path.Combine(work, "data"), Keeping = keeping, Writers = 3 }, TimeProvider.System);
        return new DrillStore(
            vault, storage, EmbeddedBackupRegistration.Open(options, keeping, storage, vault.KeyEncryption, TimeProvider.System));
    }

    public static ValueTask<LocalVault> VaultAsync(string work, CancellationToken cancellation) => LocalVault.OpenAsync(
        Path.Combine(work, "keys.json"), TimeProvider.System, NullLogger.Instance, cancellation);

    /// <summary>A hash for each tenant, in their order, joined. Without what may be erased, two moments of one store compare.</summary>
    public static async Task<string> DigestAsync(IStorage storage, bool withErasable, CancellationToken cancellation)
    {
        var digests = new List<string>();
        foreach (var tenant in Tenants)
        {
            digests.Add(await StoreDigest.OfAsync(
                storage.For(tenant),
                withErasable ? static _ => true : static key => !key.Id.StartsWith(Erasable, StringComparison.Ordinal),
                withErasable ? static _ => true : static log => log != ErasureLedger.Log,
                cancellation));
        }

        return string.Join('.', digests);
    }

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        Vault.Dispose();
    }
}
