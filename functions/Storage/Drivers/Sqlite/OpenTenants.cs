using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// The tenant files that are open: at most <see cref="EmbeddedStorageOptions.OpenTenants"/> that nobody uses at the
/// moment. A tenant has one open file at most while it is used, so it has one writer.
/// </summary>
internal sealed class OpenTenants(
    DataFolder folder, WriteCrew crew, EmbeddedStorageOptions options, Func<string, string, KeptLog?> keep) : IDisposable
{
    // Invariant: an entry with users is in the table; an entry that left the table is closed.
    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, Entry> open = [];
    private long turn;
    private bool closed;

    /// <summary>How many are open now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return open.Count;
            }
        }
    }

    /// <summary>The tenant's file, kept open until the use is disposed.</summary>
    public Use Rent(TenantId tenant)
    {
        Entry? entry;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(SqliteStorage));
            if (!open.TryGetValue(tenant, out entry))
            {
                CloseIdle(options.OpenTenants - 1);
                var path = folder.TenantFile(tenant);
                var kept = keep(path, tenant.Text);
                entry = new(new(path, FileLayout.Tenant, tenant.Text, crew, options, kept));
                open.Add(tenant, entry);
            }

            entry.Users++;
            entry.LastTurn = ++turn;
        }

        return new Use(this, entry);
    }

    /// <summary>No new uses from now on.</summary>
    public void Refuse()
    {
        lock (gate)
        {
            closed = true;
        }
    }

    /// <summary>Closes what nobody uses; what is still used is closed by its last user.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            CloseIdle(0);
        }
    }

    // Closing waits for the disk, inside the gate: a file must not be opened again while it is being closed.
    private void CloseIdle(int keep)
    {
        while (open.Count > keep)
        {
            var idle = open.Where(pair => pair.Value.Users == 0).OrderBy(pair => pair.Value.LastTurn).ToList();
            if (idle.Count == 0)
            {
                return;
            }

            open.Remove(idle[0].Key);
            idle[0].Value.File.Dispose();
        }
    }

    private void GiveBack(Entry entry)
    {
        lock (gate)
        {
            entry.Users--;

            // More may be open than wanted, when all were in use at once: the surplus goes as its users do.
            CloseIdle(closed ? 0 : options.OpenTenants);
        }
    }

    /// <summary>A use of a tenant's file. While there is one, the file stays open.</summary>
    internal readonly struct Use(OpenTenants from, Entry entry) : IDisposable
    {
        public SqliteFile File => entry.File;

        public void Dispose() => from.GiveBack(entry);
    }

    internal sealed class Entry(SqliteFile file)
    {
        public SqliteFile File { get; } = file;

        public int Users { get; set; }

        public long LastTurn { get; set; }
    }
}
