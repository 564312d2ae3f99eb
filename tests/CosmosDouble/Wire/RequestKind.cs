namespace PracticPro.CosmosDouble.Wire;

/// <summary>What a request is about, as faults and counts name it.</summary>
internal enum RequestKind
{
    /// <summary>Account, databases, containers, ranges, users, permissions: what clients cache.</summary>
    Metadata,

    /// <summary>One item by its id, or one new item.</summary>
    Point,

    /// <summary>A transactional batch.</summary>
    Batch,

    /// <summary>A query's page.</summary>
    Query,

    /// <summary>How a query is to be spread over ranges.</summary>
    QueryPlan,

    /// <summary>A page of all items.</summary>
    Feed,

    /// <summary>A page of the change feed.</summary>
    ChangeFeed,
}
