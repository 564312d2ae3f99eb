using System.Collections.Concurrent;

namespace PracticPro.Storage.Drivers.Sqlite.Shipping;

/// <summary>
/// That logs are kept until somebody has copied them, and what that somebody is told: which files and blobs were written
/// to. One a store.
/// </summary>
internal sealed class LogKeeping
{
    /// <summary>What the fleet's file is called among the tenants' files. No tenant has a dot in its id.</summary>
    public const string FleetName = "fleet.db";

    private readonly ConcurrentDictionary<string, byte> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> blobs = new(StringComparer.Ordinal);

    /// <summary>
    /// A log that nobody copied is emptied when it has this length: the store goes on, and the copies have a gap that
    /// they say. Default 1 GiB.
    /// </summary>
    public long LargestLogBytes { get; init; } = 1L << 30;

    public void TouchFile(string name) => files.TryAdd(name, 0);

    public void TouchBlobs(string tenant) => blobs.TryAdd(tenant, 0);

    /// <summary>Names of files written to since they were last taken.</summary>
    public IReadOnlyList<string> TakeFiles() => Take(files);

    /// <summary>Tenants that wrote or deleted blobs since they were last taken.</summary>
    public IReadOnlyList<string> TakeBlobs() => Take(blobs);

    private static List<string> Take(ConcurrentDictionary<string, byte> touched)
    {
        var taken = new List<string>();
        foreach (var name in touched.Keys)
        {
            if (touched.TryRemove(name, out _))
            {
                taken.Add(name);
            }
        }

        return taken;
    }
}
