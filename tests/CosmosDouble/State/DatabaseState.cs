using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace PracticPro.CosmosDouble.State;

/// <summary>One database: containers, and the users who may be let into parts of them.</summary>
internal sealed class DatabaseState(JsonObject properties)
{
    public JsonObject Properties => properties;

    public string Id { get; } = (string)properties["id"]!;

    public string Rid { get; } = (string)properties["_rid"]!;

    /// <summary>By id.</summary>
    public ConcurrentDictionary<string, ContainerState> Containers { get; } = new(StringComparer.Ordinal);

    /// <summary>Users and permissions, by <c>_self</c>.</summary>
    public ConcurrentDictionary<string, JsonObject> Grants { get; } = new(StringComparer.Ordinal);

    /// <summary>By id or by <c>_rid</c>.</summary>
    public ContainerState? Find(string name) =>
        Containers.GetValueOrDefault(name) ?? Containers.Values.FirstOrDefault(container => container.Rid == name);
}
