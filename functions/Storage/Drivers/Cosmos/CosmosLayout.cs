using System.Collections.Immutable;
using System.Collections.ObjectModel;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// The containers and their indexing policies: the one place that says what is indexed. Everything is excluded but the
/// paths a query of this driver orders or filters by; a test holds the queries to it. <c>x</c> holds sort keys of declared
/// indexes and nothing else.
/// </summary>
internal static class CosmosLayout
{
    public const string Records = "records";
    public const string Fleet = "fleet";
    public const string RecordsPartition = "/tenant";
    public const string FleetPartition = "/p";

    public static readonly ImmutableArray<string> RecordPaths = ["/id/?", "/l/?", "/q/?", "/set/?", "/x/*"];
    public static readonly ImmutableArray<string> FleetPaths = ["/id/?"];

    /// <summary>Time to live is on, without a default: only items that say so end by themselves.</summary>
    private const int OnlyWhereSaid = -1;

    public static ContainerProperties RecordsContainer() => Container(Records, RecordsPartition, RecordPaths);

    public static ContainerProperties FleetContainer() => Container(Fleet, FleetPartition, FleetPaths);

    /// <summary>What is not as it must be, in words that say what to do; none when all is well.</summary>
    public static IEnumerable<string> Differences(ContainerProperties found, ContainerProperties wanted)
    {
        if (found.PartitionKeyPath != wanted.PartitionKeyPath)
        {
            yield return $"container {wanted.Id} is partitioned by {found.PartitionKeyPath} and must be by {wanted.PartitionKeyPath}; "
                + "it cannot be changed, so make a new one";
        }

        if (found.DefaultTimeToLive != wanted.DefaultTimeToLive)
        {
            yield return $"container {wanted.Id} must have time to live on, without a default (-1)";
        }

        if (found.IndexingPolicy.IndexingMode != IndexingMode.Consistent
            || !Included(found).SetEquals(Included(wanted))
            || !found.IndexingPolicy.ExcludedPaths.Any(static path => path.Path == "/*"))
        {
            yield return $"container {wanted.Id} must index {string.Join(", ", Included(wanted).Order())} and nothing else (exclude /*)";
        }
    }

    private static HashSet<string> Included(ContainerProperties container) =>
        [.. container.IndexingPolicy.IncludedPaths.Select(static path => path.Path)];

    private static ContainerProperties Container(string name, string partition, ImmutableArray<string> paths)
    {
        var policy = new IndexingPolicy { IndexingMode = IndexingMode.Consistent, Automatic = true };
        policy.ExcludedPaths.Add(new ExcludedPath { Path = "/*" });
        Add(policy.IncludedPaths, paths);
        return new ContainerProperties(name, partition)
        {
            PartitionKeyDefinitionVersion = PartitionKeyDefinitionVersion.V2,
            DefaultTimeToLive = OnlyWhereSaid,
            IndexingPolicy = policy,
        };
    }

    private static void Add(Collection<IncludedPath> included, ImmutableArray<string> paths)
    {
        foreach (var path in paths)
        {
            included.Add(new IncludedPath { Path = path });
        }
    }
}
