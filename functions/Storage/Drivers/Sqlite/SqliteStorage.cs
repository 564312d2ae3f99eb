using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Files;
using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// Everything stored on one machine, in one <see cref="DataFolder"/>: SQLite for documents, logs, queues and leases,
/// files for blobs. Holds the folder as long as it lives; dispose it after its last caller.
/// </summary>
internal sealed class SqliteStorage : IStorage, IAsyncDisposable
{
    private readonly DataFolder folder;
    private readonly TimeProvider time;
    private readonly WriteCrew crew;
    private readonly OpenTenants tenants;
    private readonly SqliteFile fleet;
    private readonly LogKeeping? keeping;
    private bool disposed;

    private SqliteStorage(DataFolder folder, TimeProvider time, EmbeddedStorageOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.OpenTenants, 1);
        this.folder = folder;
        this.time = time;
        crew = new WriteCrew(options.Writers);
        keeping = options.Keeping;
        tenants = new OpenTenants(folder, crew, options, Keep);
        fleet = new SqliteFile(
            folder.FleetFile, FileLayout.Fleet, "fleet", crew, options, Keep(folder.FleetFile, LogKeeping.FleetName));
        Fleet = new SqliteFleet(folder, fleet);
    }

    public IFleet Fleet { get; }

    /// <summary>Files of tenants that are open now.</summary>
    internal int OpenTenantFiles => tenants.Count;

    /// <exception cref="DataFolderInUseException">Another program has the folder.</exception>
    /// <exception cref="StorageNotReleasedException">A restore into the folder was not finished.</exception>
    public static SqliteStorage Open(EmbeddedStorageOptions options, TimeProvider time)
    {
        var folder = DataFolder.Open(options.Folder);
        try
        {
            if (folder.IsBeingRestored && !options.OpenRestored)
            {
                throw new StorageNotReleasedException();
            }

            FileBlobs.SweepIncoming(folder);
            return new SqliteStorage(folder, time, options);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Names of all files there are: tenants', then the fleet's. For whoever copies or compares them.</summary>
    internal IReadOnlyList<string> FileNames() => SqliteTrouble.Around<IReadOnlyList<string>>(() =>
    [
        .. Directory.EnumerateFiles(folder.Tenants, "*.db").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => TenantId.TryParse(name, out _)).Order(StringComparer.Ordinal),
        .. File.Exists(folder.FleetFile) ? [LogKeeping.FleetName] : Array.Empty<string>(),
    ]);

    /// <summary>Tenants with a folder of blobs, in ordinal order.</summary>
    internal IReadOnlyList<string> BlobOwners() => SqliteTrouble.Around<IReadOnlyList<string>>(() =>
        [.. Directory.EnumerateDirectories(folder.Blobs).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]);

    /// <summary>When a blob was written, in Unix milliseconds; null when there is none.</summary>
    internal long? BlobWrittenAt(TenantId tenant, BlobName name)
    {
        var file = new FileInfo(BlobPath.Of(BlobPath.Folder(folder, tenant), name));
        return file.Exists ? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero).ToUnixTimeMilliseconds() : null;
    }

    /// <summary>Runs work with a file, which stays open until it ends.</summary>
    internal async Task<T> WithFileAsync<T>(string name, Func<SqliteFile, Task<T>> work)
    {
        if (name == LogKeeping.FleetName)
        {
            return await work(fleet);
        }

        using var use = tenants.Rent(TenantId.Parse(name));
        return await work(use.File);
    }

    public ITenantStorage For(TenantId tenant)
    {
        var file = new TenantFile(tenants, tenant, time);
        return new SqliteTenant(
            tenant,
            new SqliteDocuments(file),
            new SqliteAppendLog(file),
            new SqliteQueue(file),
            new SqliteLeases(file),
            new FileBlobs(folder, tenant, () => keeping?.TouchBlobs(tenant.Text)),
            new SqliteContents(file));
    }

    /// <summary>Waits for writes under way, empties the logs into their files, and lets the folder go.</summary>
    public ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;

            // In this order: nobody new, nobody at work, nothing open, and only then is the folder let go.
            tenants.Refuse();
            crew.Dispose();
            tenants.Dispose();
            fleet.Dispose();
            folder.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private KeptLog? Keep(string path, string name) => keeping is null ? null : new KeptLog(path, name, keeping, time);

    private sealed record SqliteTenant(
        TenantId Tenant,
        IDocuments Documents,
        IAppendLog Logs,
        IQueue Queue,
        ILeases Leases,
        IBlobs Blobs,
        SqliteContents Contents) : ITenantStorage, ITenantContents
    {
        public IAsyncEnumerable<Document> DocumentsAsync(CancellationToken cancellation) =>
            Contents.DocumentsAsync(cancellation);

        public IAsyncEnumerable<LogName> LogsAsync(CancellationToken cancellation) => Contents.LogsAsync(cancellation);

        public IAsyncEnumerable<QueuedMessage> MessagesAsync(CancellationToken cancellation) =>
            Contents.MessagesAsync(cancellation);
    }
}
