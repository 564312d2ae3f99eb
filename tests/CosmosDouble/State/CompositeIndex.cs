using System.Text.Json;

namespace PracticPro.CosmosDouble.State;

/// <summary>One path of an order, from the top of the item.</summary>
internal sealed record OrderedPath(IReadOnlyList<string> Path, bool Descending)
{
    public bool IsOn(OrderedPath other) => Path.SequenceEqual(other.Path);
}

/// <summary>An index over several paths, each with its direction; it can be read forwards and backwards.</summary>
internal sealed record CompositeIndex(IReadOnlyList<OrderedPath> Paths)
{
    public static CompositeIndex Read(JsonElement declared) =>
        new([.. declared.EnumerateArray().Select(path => new OrderedPath(
            IndexPath.Steps(path.GetProperty("path").GetString()!),
            path.TryGetProperty("order", out var order) && order.GetString() is "descending"))]);

    public bool Serves(IReadOnlyList<OrderedPath> order) =>
        order.Count == Paths.Count
        && order.Zip(Paths).All(pair => pair.First.IsOn(pair.Second))
        && order.Zip(Paths).Select(pair => pair.First.Descending == pair.Second.Descending).Distinct().Count() == 1;
}

/// <summary>Paths as policies write them: <c>/a/"b c"/[]</c>.</summary>
internal static class IndexPath
{
    public static string[] Steps(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(step => step.Trim('"'))];
}
