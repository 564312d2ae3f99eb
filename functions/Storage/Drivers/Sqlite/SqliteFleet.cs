using System.Runtime.CompilerServices;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// The fleet's entries in <c>fleet.db</c>. The tenants are the tenants' own files and blob folders: a list beside
/// them could come to differ from them.
/// </summary>
internal sealed class SqliteFleet(DataFolder folder, SqliteFile file) : IFleet
{
    private const string FindText = "SELECT tenant, reference FROM entry WHERE directory = ?1 AND keyed_hash = ?2";
    private const string ClaimText = """
        INSERT INTO entry (directory, keyed_hash, tenant, reference) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING
        """;

    private const string ReleaseText =
        "DELETE FROM entry WHERE directory = ?1 AND keyed_hash = ?2 AND tenant = ?3 AND reference = ?4";

    public async IAsyncEnumerable<TenantId> TenantsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await ValueTask.CompletedTask;
        foreach (var tenant in SqliteTrouble.Around(Tenants))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return tenant;
        }
    }

    public async ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation)
    {
        Check(key);
        cancellation.ThrowIfCancellationRequested();
        await ValueTask.CompletedTask;
        return file.Read(null, session => Find(session, key));
    }

    public async ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
    {
        Check(key);
        StorageLimits.CheckId(entry.Reference, "reference");
        return await file.WriteAsync(
            writer =>
            {
                // Put if absent, then look whose it is: one transaction, so the answer is the truth.
                Bind(writer.Session.Prepare(ClaimText), key, entry).Run();
                return Find(writer.Session, key) == entry;
            },
            cancellation);
    }

    public async ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
    {
        Check(key);
        await file.WriteIfThereAsync(
            Done.Value,
            writer =>
            {
                Bind(writer.Session.Prepare(ReleaseText), key, entry).Run();
                return Done.Value;
            },
            cancellation);
    }

    private static void Check(FleetKey key)
    {
        StorageLimits.CheckName(key.Directory, "directory");
        if (key.KeyedHash is not { Length: > 0 and <= StorageLimits.MaximumIdLength })
        {
            throw new ArgumentException("A keyed hash is 1–200 characters.");
        }
    }

    private static FleetEntry? Find(Session session, FleetKey key)
    {
        using var row = session.Prepare(FindText).With(1, key.Directory).With(2, key.KeyedHash);
        return row.Step() ? new FleetEntry(TenantId.Parse(row.Text(0)), row.Text(1)) : null;
    }

    private static Statement Bind(Statement statement, FleetKey key, FleetEntry entry) => statement
        .With(1, key.Directory).With(2, key.KeyedHash).With(3, entry.Tenant.Text).With(4, entry.Reference);

    private List<TenantId> Tenants()
    {
        var files = Directory.EnumerateFiles(folder.Tenants, "*.db").Select(Path.GetFileNameWithoutExtension);
        var blobs = Directory.EnumerateDirectories(folder.Blobs).Select(Path.GetFileName);
        var tenants = new SortedDictionary<string, TenantId>(StringComparer.Ordinal);
        foreach (var name in files.Concat(blobs))
        {
            if (TenantId.TryParse(name, out var tenant))
            {
                tenants[tenant.Text] = tenant;
            }
        }

        return [.. tenants.Values];
    }
}
