using Google.Protobuf.Collections;

namespace PracticPro.Durable.Serve;

/// <summary>
/// What a worker has code for: names compared without regard to case, and for each the versions, or any. A worker that
/// sends no filters takes everything; one that names work of one kind only has nothing of the other.
/// </summary>
internal sealed class NameFilter
{
    public static readonly NameFilter Everything = new(null);
    private readonly Dictionary<string, HashSet<string>>? versionsByName;

    private NameFilter(Dictionary<string, HashSet<string>>? versionsByName) => this.versionsByName = versionsByName;

    /// <param name="asked">Empty is none: Microsoft's worker always sends them.</param>
    public static NameFilter Of(
        Wire.WorkItemFilters? asked,
        Func<Wire.WorkItemFilters, RepeatedField<Wire.NameFilter>> kind)
    {
        if (asked is null or { Orchestrations.Count: 0, Activities.Count: 0 })
        {
            return Everything;
        }

        Dictionary<string, HashSet<string>> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (var filter in kind(asked))
        {
            byName[filter.Name] = new HashSet<string>(filter.Versions, StringComparer.OrdinalIgnoreCase);
        }

        return new NameFilter(byName);
    }

    public bool Admits(WorkName work) =>
        versionsByName is null
        || (versionsByName.TryGetValue(work.Name, out var versions)
            && (versions.Count == 0 || versions.Contains(work.Version ?? "")));
}

/// <summary>What has to be run, as a worker's filter sees it.</summary>
internal readonly record struct WorkName(string Name, string? Version);
