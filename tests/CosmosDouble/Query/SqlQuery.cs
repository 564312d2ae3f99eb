using System.Text.Json;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Query;

/// <summary>What a query returns.</summary>
internal enum SelectKind
{
    /// <summary>SELECT *: the items.</summary>
    Star,

    /// <summary>SELECT a, b: an object a row.</summary>
    Fields,

    /// <summary>SELECT VALUE a: a value a row; no row where it is undefined.</summary>
    Value,

    /// <summary>SELECT VALUE COUNT(1): one row.</summary>
    ValueCount,

    /// <summary>SELECT COUNT(1) AS n: one row, an object.</summary>
    FieldCount,
}

/// <summary>A parsed query.</summary>
/// <param name="Fields">Name and expression; one, for Value; the name alone counts for FieldCount.</param>
/// <param name="Take">TOP, or LIMIT; null for all.</param>
internal sealed record SqlQuery(
    SelectKind Select,
    IReadOnlyList<(string Name, Expression Expression)> Fields,
    Expression? Where,
    IReadOnlyList<(PathExpression Path, bool Descending)> OrderBy,
    int Skip,
    int? Take)
{
    /// <summary>Longest text. Source: Microsoft Learn, "Azure Cosmos DB service quotas", SQL query limits.</summary>
    private const int LongestText = 512 * 1024;

    public bool IsCount => Select is SelectKind.ValueCount or SelectKind.FieldCount;

    /// <summary>Reads a query, or says what of it is not known here.</summary>
    /// <param name="parameters">By name, with the at sign.</param>
    public static (SqlQuery? Query, Refusal? Refusal) Parse(string text, IReadOnlyDictionary<string, JsonElement> parameters)
    {
        if (text.Length > LongestText)
        {
            return (null, Refusal.BadRequest("A query has at most 512 KB."));
        }

        try
        {
            return (new SqlParser(text, parameters).Parse(), null);
        }
        catch (SqlNotUnderstoodException problem)
        {
            return (null, Refusal.Unknown(problem.What));
        }
    }

    /// <summary>Why the indexes cannot serve the order, or null.</summary>
    public Refusal? OrderProblem(IndexingPolicy indexing)
    {
        if (OrderBy.Any(order => !indexing.Includes(order.Path.Steps)))
        {
            return Refusal.BadRequest("The index path corresponding to the specified order-by item is excluded.");
        }

        return OrderBy.Count > 1 && !indexing.CanOrderBy([.. OrderBy.Select(order => new OrderedPath(order.Path.Steps, order.Descending))])
            ? Refusal.BadRequest("The order by query does not have a corresponding composite index that it can be served from.")
            : null;
    }

    /// <summary>The parts of the filter that all must hold.</summary>
    public IEnumerable<Expression> Conjuncts()
    {
        var waiting = new Stack<Expression>(Where is null ? [] : [Where]);
        while (waiting.TryPop(out var next))
        {
            if (next is LogicalExpression { IsAnd: true } and)
            {
                waiting.Push(and.Right);
                waiting.Push(and.Left);
            }
            else
            {
                yield return next;
            }
        }
    }
}
