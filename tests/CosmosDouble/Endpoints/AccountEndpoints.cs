using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Endpoints;

/// <summary>The account, its databases and their containers.</summary>
internal sealed class AccountEndpoints(AccountState account, Func<Uri> home)
{
    /// <summary>Limits of queries, as the SDK wants them: JSON within JSON.</summary>
    private const string QueryLimits =
        """{"maxSqlQueryInputLength":524288,"maxJoinsPerSqlQuery":10,"maxLogicalAndPerSqlQuery":2000,"maxLogicalOrPerSqlQuery":2000,"maxUdfRefPerSqlQuery":10,"maxInExpressionItemsCount":16000,"queryMaxInMemorySortDocumentCount":500,"maxQueryRequestTimeoutFraction":0.9,"sqlAllowNonFiniteNumbers":false,"sqlAllowAggregateFunctions":true,"sqlAllowSubQuery":false,"sqlAllowScalarSubQuery":false,"allowNewKeywords":true,"sqlAllowLike":false,"sqlAllowGroupByClause":false,"maxSpatialQueryCells":12,"spatialMaxGeometryPointCount":256,"sqlDisableQueryILOptimization":false,"sqlAllowTop":true,"enableSpatialIndexing":false}""";

    public CosmosAnswer Answer(CosmosRequest request) => (request.Method, request.Address.Segments) switch
    {
        ("GET", []) => CosmosAnswer.Json(200, Account()),
        ("GET", ["dbs"]) => List("Databases", "", account.Databases.Select(database => database.Properties)),
        ("POST", ["dbs"]) => AddDatabase(request),
        (_, ["dbs", var name, .. var rest]) => account.Find(name) is { } database
            ? Answer(request, database, rest)
            : CosmosAnswer.Of(Refusal.NoOwner),
        _ => NotKnown(request),
    };

    private CosmosAnswer Answer(CosmosRequest request, DatabaseState database, ImmutableArray<string> rest)
    {
        switch (request.Method, rest)
        {
            case ("GET", []):
                return Found(200, database.Properties);
            case ("DELETE", []):
                account.Remove(database);
                return Gone();
            case ("GET", ["colls"]):
                return List("DocumentCollections", database.Rid, database.Containers.Values.Select(one => one.Current.Definition.Properties));
            case ("POST", ["colls"]):
                return AddContainer(request, database);
            case (_, ["colls", var name, .. var more]):
                return database.Find(name) is { } container
                    ? Answer(request, container, more)
                    : CosmosAnswer.Of(Refusal.NoOwner);
            default:
                return NotKnown(request);
        }
    }

    private CosmosAnswer Answer(CosmosRequest request, ContainerState container, ImmutableArray<string> rest)
    {
        switch (request.Method, rest)
        {
            case ("GET", []):
                return Found(200, container.Current.Definition.Properties);
            case ("PUT", []):
                if (Read(request) is not { } properties)
                {
                    return CosmosAnswer.Of(Refusal.BadRequest("The body is not a JSON object."));
                }

                return account.Redefine(container, properties) is { } refusal
                    ? CosmosAnswer.Of(refusal)
                    : Found(200, container.Current.Definition.Properties);
            case ("DELETE", []):
                account.Remove(container);
                return Gone();
            case ("GET", ["pkranges"]):
                return Ranges(request, container);
            default:
                return NotKnown(request);
        }
    }

    private CosmosAnswer AddDatabase(CosmosRequest request)
    {
        if (Read(request) is not { } properties)
        {
            return CosmosAnswer.Of(Refusal.BadRequest("The body is not a JSON object."));
        }

        var (database, refusal) = account.AddDatabase(properties);
        return database is null ? CosmosAnswer.Of(refusal!) : Found(201, database.Properties);
    }

    private CosmosAnswer AddContainer(CosmosRequest request, DatabaseState database)
    {
        if (Read(request) is not { } properties)
        {
            return CosmosAnswer.Of(Refusal.BadRequest("The body is not a JSON object."));
        }

        var (container, refusal) = account.AddContainer(database, properties);
        return container is null ? CosmosAnswer.Of(refusal!) : Found(201, container.Current.Definition.Properties);
    }

    /// <summary>The whole map, or 304 for who has it: clients ask until they are told so.</summary>
    private static CosmosAnswer Ranges(CosmosRequest request, ContainerState container)
    {
        var ranges = container.Current.Ranges;
        if (request.IfNoneMatch == ranges.ETag)
        {
            return CosmosAnswer.Empty(304) with { ETag = ranges.ETag, ItemCount = 0, Charge = 1 };
        }

        var listed = ranges.Current.Select(range =>
        {
            var rid = ResourceIds.Range(container.Rid, long.Parse(range.Id, null) + 1);
            return new JsonObject
            {
                ["_rid"] = rid,
                ["id"] = range.Id,
                ["_etag"] = ranges.ETag,
                ["minInclusive"] = range.Min,
                ["maxExclusive"] = range.Max,
                ["ridPrefix"] = int.Parse(range.Id, null),
                ["_self"] = $"{container.Self}pkranges/{rid}/",
                ["throughputFraction"] = 1.0 / ranges.Current.Count,
                ["status"] = "online",
                ["parents"] = new JsonArray([.. range.Parents.Select(parent => (JsonNode)parent)]),
                ["_ts"] = container.Now,
            };
        });
        return List("PartitionKeyRanges", container.Rid, listed) with { ETag = ranges.ETag };
    }

    private JsonObject Account()
    {
        JsonArray Region() => [new JsonObject { ["name"] = "Loopback", ["databaseAccountEndpoint"] = home().ToString() }];
        return new JsonObject
        {
            ["_self"] = "",
            ["id"] = "loopback",
            ["_rid"] = "loopback",
            ["media"] = "//media/",
            ["addresses"] = "//addresses/",
            ["_dbs"] = "//dbs/",
            ["writableLocations"] = Region(),
            ["readableLocations"] = Region(),
            ["enableMultipleWriteLocations"] = false,
            ["userReplicationPolicy"] = Replicas(),
            ["userConsistencyPolicy"] = new JsonObject
            {
                ["defaultConsistencyLevel"] = account.Consistency.Name,
                ["maxIntervalInSeconds"] = 5,
                ["maxStalenessPrefix"] = 100,
            },
            ["systemReplicationPolicy"] = Replicas(),
            ["readPolicy"] = new JsonObject { ["primaryReadCoefficient"] = 1, ["secondaryReadCoefficient"] = 1 },
            ["queryEngineConfiguration"] = QueryLimits,
        };
    }

    private static JsonObject Replicas() =>
        new() { ["asyncReplication"] = false, ["minReplicaSetSize"] = 3, ["maxReplicasetSize"] = 4 };

    private static JsonObject? Read(CosmosRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CosmosAnswer Found(int status, JsonObject properties) =>
        CosmosAnswer.Json(status, properties) with { ETag = (string?)properties["_etag"], Charge = status == 200 ? 2 : 5 };

    private static CosmosAnswer Gone() => CosmosAnswer.Empty(204) with { Charge = 5 };

    private static CosmosAnswer List(string name, string rid, IEnumerable<JsonObject> resources)
    {
        JsonArray array = [.. resources.Select(resource => resource.DeepClone())];
        return CosmosAnswer.Json(200, new JsonObject { ["_rid"] = rid, [name] = array, ["_count"] = array.Count }) with
        {
            ItemCount = array.Count,
            Charge = 2,
        };
    }

    private static CosmosAnswer NotKnown(CosmosRequest request) =>
        CosmosAnswer.Of(Refusal.Unknown($"{request.Method} of {(request.Address.Kind is "" ? "the account" : request.Address.Kind)}"));
}
