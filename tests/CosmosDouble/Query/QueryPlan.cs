using System.Text.Json.Nodes;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Query;

/// <summary>
/// How a client is to spread a query over ranges. Where one range answers, the plan is to send the query as it is and to
/// pass the rows on; over several ranges that is right only for queries without an order, an offset or a count.
/// </summary>
internal static class QueryPlan
{
    public static CosmosAnswer Answer(SqlQuery query, CosmosRequest request, ContainerSnapshot snapshot)
    {
        var isOneRange = snapshot.Ranges.Current.Count == 1
            || request.PartitionKey?.Components.Count == snapshot.Definition.PartitionKeyPaths.Count;
        if (!isOneRange && (query.OrderBy.Count > 0 || query.IsCount || query.Skip > 0 || query.Take is not null))
        {
            return CosmosAnswer.Of(Refusal.Unknown("ORDER BY, COUNT, TOP or OFFSET over several physical partitions"));
        }

        return CosmosAnswer.Json(200, new JsonObject
        {
            ["partitionedQueryExecutionInfoVersion"] = 2,
            ["queryInfo"] = new JsonObject
            {
                ["distinctType"] = "None",
                ["top"] = null,
                ["offset"] = null,
                ["limit"] = null,
                ["orderBy"] = new JsonArray(),
                ["orderByExpressions"] = new JsonArray(),
                ["groupByExpressions"] = new JsonArray(),
                ["groupByAliases"] = new JsonArray(),
                ["aggregates"] = new JsonArray(),
                ["groupByAliasToAggregateType"] = new JsonObject(),
                ["rewrittenQuery"] = "",
                ["hasSelectValue"] = query.Select is SelectKind.Value or SelectKind.ValueCount,
                ["dCountInfo"] = null,
                ["hasNonStreamingOrderBy"] = false,
            },
            ["queryRanges"] = new JsonArray(new JsonObject
            {
                ["min"] = EffectivePartitionKey.Lowest,
                ["max"] = EffectivePartitionKey.Highest,
                ["isMinInclusive"] = true,
                ["isMaxInclusive"] = false,
            }),
        }) with { Charge = 1 };
    }
}
