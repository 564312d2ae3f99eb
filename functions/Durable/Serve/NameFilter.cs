using Google.Protobuf.Collections;

namespace PracticPro.Durable.Serve;

/// <summary>
/// What a worker has code for: names compared without regard to case, and for each the versions, or any. A worker that
/// sends no filters takes everything; one that sends an empty list has nothing of that kind.
/// </summary>
internal sealed class NameFilter
{
    public static readonly NameFilter Everything = new(null);
    private readonly Dictionary<string, HashSet<string>>? versionsByName;

    private NameFilter(Dictionary<string, HashSet<string>>? versionsByName) => this.versionsByName = versionsByName;

    public static NameFilter Of(RepeatedField<Wire.NameFilter>? filters)
    {
        if (filters is null)
        {
            return Everything;
        }

        Dictionary<string, HashSet<string>> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (var filter in filters)
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
