using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Files;

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
    private bool disposed;

    private SqliteStorage(DataFolder folder, TimeProvider time, EmbeddedStorageOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.OpenTenants, 1);
        this.folder = folder;
        this.time = time;
        crew = new WriteCrew(options.Writers);
        tenants = new OpenTenants(folder, crew, options);
        fleet = new SqliteFile(folder.FleetFile, FileLayout.Fleet, "fleet", crew, options);
        Fleet = new SqliteFleet(folder, fleet);
    }

    public IFleet Fleet { get; }

    /// <summary>Files of tenants that are open now.</summary>
    internal int OpenTenantFiles => tenants.Count;

    /// <exception cref="DataFolderInUseException">Another program has the folder.</exception>
    public static SqliteStorage Open(EmbeddedStorageOptions options, TimeProvider time)
    {
        var folder = DataFolder.Open(options.Folder);
        try
        {
            FileBlobs.SweepIncoming(folder);
            return new SqliteStorage(folder, time, options);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
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
            new FileBlobs(folder, tenant));
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

    private sealed record SqliteTenant(
        TenantId Tenant, IDocuments Documents, IAppendLog Logs, IQueue Queue, ILeases Leases, IBlobs Blobs)
        : ITenantStorage;
}
