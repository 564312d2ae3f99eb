using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.State;

/// <summary>What a container was declared to be.</summary>
/// <param name="Properties">The whole resource as it is answered, system properties included.</param>
/// <param name="PartitionKeyPaths">One path, or up to three of a hierarchical key.</param>
/// <param name="DefaultTtl">Seconds; -1 for "only items that say so", null for off.</param>
/// <param name="UniqueKeys">Sets of paths whose values together occur once in a logical partition.</param>
internal sealed record ContainerDefinition(
    string Id,
    JsonObject Properties,
    IReadOnlyList<string> PartitionKeyPaths,
    int? DefaultTtl,
    IReadOnlyList<IReadOnlyList<string>> UniqueKeys,
    IndexingPolicy Indexing)
{
    private const int MostUniqueKeys = 10;
    private const int MostUniquePaths = 16;

    /// <summary>Reads a declaration, or says what is wrong with it.</summary>
    public static (ContainerDefinition? Definition, Refusal? Refusal) Read(JsonObject properties)
    {
        if (ResourceNames.Problem(properties["id"]) is { } name)
        {
            return (null, Refusal.BadRequest(name));
        }

        if (properties["partitionKey"] is not JsonObject key || Paths(key["paths"]) is not { Count: >= 1 and <= 3 } paths)
        {
            return (null, Refusal.BadRequest("The partition key definition needs one to three paths."));
        }

        // Clients that speak a version of the protocol from 2018-12-31 on may leave it out.
        key["version"] ??= 2;
        if ((int?)key["version"] != 2 || (string?)key["kind"] is not ("Hash" or "MultiHash"))
        {
            return (null, Refusal.Unknown("a partition key definition other than Hash or MultiHash, version 2"));
        }

        if (paths.Count > 1 != ((string?)key["kind"] == "MultiHash"))
        {
            return (null, Refusal.BadRequest("Several partition key paths and the kind MultiHash go together."));
        }

        var ttl = (int?)properties["defaultTtl"];
        if (ttl is 0 or < -1)
        {
            return (null, Refusal.BadRequest("The default time to live must be -1 or at least one second."));
        }

        var unique = UniqueKeysOf(properties);
        if (unique.Count > MostUniqueKeys || unique.Any(set => set.Count is 0 or > MostUniquePaths))
        {
            return (null, Refusal.BadRequest("A container has at most 10 unique keys of at most 16 paths."));
        }

        properties["indexingPolicy"] ??= JsonNode.Parse(
            """{"indexingMode":"consistent","automatic":true,"includedPaths":[{"path":"/*"}],"excludedPaths":[{"path":"/\"_etag\"/?"}]}""");
        var indexing = IndexingPolicy.Read(JsonSerializer.SerializeToElement(properties["indexingPolicy"]));
        return (new((string)properties["id"]!, properties, paths, ttl, unique, indexing), null);
    }

    private static List<IReadOnlyList<string>> UniqueKeysOf(JsonObject properties) =>
        properties["uniqueKeyPolicy"]?["uniqueKeys"] is JsonArray keys ? [.. keys.Select(key => Paths(key?["paths"]) ?? [])] : [];

    private static List<string>? Paths(JsonNode? paths) =>
        paths is JsonArray { Count: > 0 } array && array.All(path => path is JsonValue value && value.TryGetValue(out string? text) && text[0] == '/')
            ? [.. array.Select(path => (string)path!)]
            : null;
}
