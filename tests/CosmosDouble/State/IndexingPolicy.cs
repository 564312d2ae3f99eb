using System.Text.Json;

namespace PracticPro.CosmosDouble.State;

/// <summary>
/// Which paths of an item are indexed. Of all declared paths that fit, the longest decides; an exact one (<c>/?</c>) goes
/// before a wildcard. <c>id</c> and <c>_ts</c> always are, unless the mode is none.
/// Source: Microsoft Learn, "Indexing policies in Azure Cosmos DB", include and exclude precedence.
/// </summary>
internal sealed class IndexingPolicy
{
    private readonly bool consistent;
    private readonly List<(string[] Steps, bool Exact, bool Included)> paths = [];
    private readonly List<CompositeIndex> composites = [];

    private IndexingPolicy(bool consistent) => this.consistent = consistent;

    /// <summary>Reads the policy; a container without one indexes everything.</summary>
    public static IndexingPolicy Read(JsonElement? policy)
    {
        if (policy is not { } given)
        {
            var whole = new IndexingPolicy(consistent: true);
            whole.paths.Add(([], false, true));
            return whole;
        }

        var read = new IndexingPolicy(Text(given, "indexingMode") is null or "consistent" or "Consistent");
        read.Add(given, "includedPaths", included: true);
        read.Add(given, "excludedPaths", included: false);
        if (given.TryGetProperty("compositeIndexes", out var composites))
        {
            read.composites.AddRange(composites.EnumerateArray().Select(CompositeIndex.Read));
        }

        return read;
    }

    /// <summary>Whether a scalar at the path has a range index.</summary>
    /// <param name="path">Property names from the top; an element of an array is <c>[]</c>.</param>
    public bool Includes(IReadOnlyList<string> path)
    {
        if (!consistent)
        {
            return false;
        }

        if (path is ["id"] or ["_ts"])
        {
            return true;
        }

        var fitting = paths.Where(one => Fits(one.Steps, one.Exact, path)).ToList();
        return fitting.Count > 0
            && fitting.MaxBy(one => (one.Steps.Length * 4) + (one.Exact ? 2 : 0) + (one.Included ? 0 : 1)).Included;
    }

    /// <summary>Whether an ORDER BY of several paths can be served: by a composite index, forwards or backwards.</summary>
    public bool CanOrderBy(IReadOnlyList<OrderedPath> order) =>
        consistent && composites.Any(index => index.Serves(order));

    private static bool Fits(string[] declared, bool exact, IReadOnlyList<string> path) =>
        (exact ? declared.Length == path.Count : declared.Length <= path.Count) && declared.SequenceEqual(path.Take(declared.Length));

    private void Add(JsonElement policy, string name, bool included)
    {
        if (!policy.TryGetProperty(name, out var declared))
        {
            return;
        }

        foreach (var path in declared.EnumerateArray())
        {
            var text = Text(path, "path") ?? "/*";
            var exact = text.EndsWith("/?", StringComparison.Ordinal);
            paths.Add((IndexPath.Steps(exact || text.EndsWith("/*", StringComparison.Ordinal) ? text[..^2] : text), exact, included));
        }
    }

    private static string? Text(JsonElement policy, string name) =>
        policy.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
