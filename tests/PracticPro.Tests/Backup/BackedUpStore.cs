using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;
using PracticPro.Tests.Storage.Drivers;
using PracticPro.Tests.Support;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Tests.Backup;

/// <summary>An embedded store with its keys and its backup, in folders that go with it. Rounds run when a test says so.</summary>
internal sealed class BackedUpStore : IAsyncDisposable
{
    public static readonly TenantId Tenant = TenantId.Parse("practice");

    private readonly TemporaryFolder scratch;
    private readonly LocalVault vault;
    private LogKeeping keeping;
    private int restores;

    private BackedUpStore(LocalVault vault, TemporaryFolder scratch, BackupOptions options)
    {
        (this.vault, this.scratch, Options) = (vault, scratch, options with { Folder = Path.Combine(scratch.Path, "backup") });
        Target = new FolderTarget(Options.Folder!);
        keeping = null!;
        Open();
    }

    public FakeClock Clock { get; } = new();

    public BackupOptions Options { get; }

    public IBackupTarget Target { get; set; }

    public SqliteStorage Storage { get; private set; } = null!;

    public EmbeddedBackup Backup { get; private set; } = null!;

    public LocalVault Vault => vault;

    public long LargestLogBytes { get; set; } = 1 << 30;

    public string Folder => Path.Combine(scratch.Path, "data");

    public string BackupFolder => Options.Folder!;

    public string KeyFile => Path.Combine(scratch.Path, "keys.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<BackedUpStore> OpenAsync(BackupOptions? options = null, params string[] tenants)
    {
        var scratch = new TemporaryFolder();
        var vault = await LocalVault.OpenAsync(
            Path.Combine(scratch.Path, "keys.json"), TimeProvider.System, NullLogger.Instance, Cancellation);
        foreach (var tenant in tenants.Append(Tenant.Text))
        {
            await vault.KeyEncryption.EnsureAsync(TenantId.Parse(tenant), Cancellation);
        }

        return new BackedUpStore(vault, scratch, options ?? new BackupOptions());
    }

    public string Scratch(string name) => Path.Combine(scratch.Path, name);

    /// <summary>Opens the store anew, as a program that starts does; with <paramref name="keepLogs"/> false, without backup.</summary>
    public async Task ReopenAsync(bool keepLogs = true)
    {
        await Storage.DisposeAsync();
        Open(keepLogs);
    }

    public async Task CloseAsync() => await Storage.DisposeAsync();

    /// <summary>Makes another backup over the same store, as a program that starts again does.</summary>
    public void StartBackup() => Backup = new(Storage, keeping, Target, new PieceKeys(vault.KeyEncryption), Clock, Options);

    public async Task<BackupStanding> RoundAsync()
    {
        var standing = await Backup.RunAsync(Cancellation);
        Clock.Advance(TimeSpan.FromMilliseconds(10));
        return standing;
    }

    /// <summary>A round that must go well.</summary>
    public async Task ShipAsync()
    {
        Clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Null((await RoundAsync()).Trouble);
    }

    public Task<string> DigestAsync(string tenant = "practice") =>
        StoreDigest.OfAsync(Storage.For(TenantId.Parse(tenant)), Cancellation);

    public Task<Outcome<RestoreResult>> RestoreAsync(
        string into, DateTimeOffset? to = null, ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>? live = null) =>
        new RestoreBackup(new FolderTarget(BackupFolder), new PieceKeys(vault.KeyEncryption), Clock).RunAsync(
            into, to, live ?? ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>.Empty, Cancellation);

    /// <summary>Restores into a fresh folder and opens it; null when the moment has nothing.</summary>
    public async Task<RestoredStore> RestoredAsync(
        DateTimeOffset? to = null, ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>? live = null)
    {
        var into = Scratch($"restored-{++restores}");
        var result = (await RestoreAsync(into, to, live)).Expect();
        return new RestoredStore(SqliteStorage.Open(new EmbeddedStorageOptions { Folder = into, Writers = 1 }, Clock), result);
    }

    /// <summary>Segments and bases of a stream, oldest first, as files.</summary>
    public List<string> Pieces(string stream = "practice") =>
        [.. Directory.GetFiles(Path.Combine(BackupFolder, stream), "0*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>What a restore says is damaged.</summary>
    public async Task<BackupDamagedException> DamageAsync(DateTimeOffset? to = null)
    {
        var into = Scratch($"refused-{++restores}");
        var damage = await Assert.ThrowsAsync<BackupDamagedException>(async () => await RestoreAsync(into, to));
        Assert.False(Directory.Exists(into));
        return damage;
    }

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        vault.Dispose();
        scratch.Dispose();
    }

    private void Open(bool keepLogs = true)
    {
        keeping = new LogKeeping { LargestLogBytes = LargestLogBytes };
        Storage = SqliteStorage.Open(
            new EmbeddedStorageOptions { Folder = Folder, Keeping = keepLogs ? keeping : null, Writers = 2 }, Clock);
        StartBackup();
    }
}

/// <summary>What a restore made, opened.</summary>
internal sealed record RestoredStore(SqliteStorage Storage, RestoreResult Result) : IAsyncDisposable
{
    public Task<string> DigestAsync(string tenant = "practice") =>
        StoreDigest.OfAsync(Storage.For(TenantId.Parse(tenant)), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Storage.DisposeAsync();
}
