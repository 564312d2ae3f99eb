using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Feeds;

/// <summary>
/// Which part of a container a query or a feed is about: one partition key (or the beginning of a hierarchical one), a
/// physical range, or a part of it. Exactly one range is behind it, as on the wire.
/// </summary>
internal sealed record FeedScope(PhysicalRange Range, string Min, string Max, PartitionKeyValue? Key)
{
    /// <summary>Reads the headers; a range that is gone, or a part that lies over several, is refused with 410.</summary>
    public static (FeedScope? Scope, Refusal? Refusal) Of(CosmosRequest request, ContainerSnapshot snapshot)
    {
        if (request.HasBrokenPartitionKey)
        {
            return (null, Refusal.BadRequest("The partition key header is not an array of JSON scalars."));
        }

        var key = request.PartitionKey;
        var isWholeKey = key is not null && key.Components.Count == snapshot.Definition.PartitionKeyPaths.Count;
        var min = request.Header(CosmosHeaders.StartPlace) ?? EffectivePartitionKey.Lowest;
        var max = request.Header(CosmosHeaders.EndPlace) ?? EffectivePartitionKey.Highest;
        if (request.Header(CosmosHeaders.PartitionKeyRangeId) is { Length: > 0 } id)
        {
            // Clients may name the container before the range: "rid,0".
            return snapshot.Ranges.Find(id.Split(',')[^1]) is { } named
                ? Within(named, min, max, key, isWholeKey)
                : (null, Refusal.Gone);
        }

        if (isWholeKey)
        {
            return Within(snapshot.Ranges.Holding(EffectivePartitionKey.Of(key!)), min, max, key, isWholeKey);
        }

        var touched = snapshot.Ranges.Current
            .Where(range => string.CompareOrdinal(range.Min, max) < 0 && string.CompareOrdinal(min, range.Max) < 0)
            .ToList();
        return touched.Count == 1 ? Within(touched[0], min, max, key, isWholeKey)
            : request.Header(CosmosHeaders.StartPlace) is not null ? (null, Refusal.Gone)
            : (null, Refusal.BadRequest("A request over several physical partitions names one of them, or a partition key."));
    }

    /// <summary>Unexpired items, in the order of their creation.</summary>
    public IEnumerable<StoredItem> Items(ContainerSnapshot snapshot, long now)
    {
        var ttl = snapshot.Definition.DefaultTtl;
        if (Key is not null && snapshot.Partitions.TryGetValue(Key, out var partition))
        {
            return partition.InOrder.Values.Where(item => !item.IsExpired(ttl, now));
        }

        return snapshot.Partitions.Values
            .Where(one => Holds(one.Place, one.Key))
            .SelectMany(one => one.InOrder.Values)
            .Where(item => !item.IsExpired(ttl, now))
            .OrderBy(item => item.Number);
    }

    public bool Holds(string place, PartitionKeyValue key) =>
        string.CompareOrdinal(Min, place) <= 0 && string.CompareOrdinal(place, Max) < 0 && (Key is null || Key.Holds(key));

    private static (FeedScope?, Refusal?) Within(PhysicalRange range, string min, string max, PartitionKeyValue? key, bool isWholeKey)
    {
        if (isWholeKey && !range.Holds(EffectivePartitionKey.Of(key!)))
        {
            return (null, Refusal.BadRequest("The partition key does not lie in the range that the request names."));
        }

        var from = string.CompareOrdinal(range.Min, min) < 0 ? min : range.Min;
        var to = string.CompareOrdinal(max, range.Max) < 0 ? max : range.Max;
        return (new FeedScope(range, from, to, key), null);
    }
}
