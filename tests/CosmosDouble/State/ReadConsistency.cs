namespace PracticPro.CosmosDouble.State;

/// <summary>
/// What an account promises to a reader who is not the writer. The double itself always reads the latest; what differs is
/// what the account says of itself, and the price: above Session a read asks two replicas and costs twice.
/// Source: Microsoft Learn, "Consistency levels in Azure Cosmos DB", read quorum, and "Optimize request cost".
/// </summary>
internal sealed record ReadConsistency(string Name, double ReadFactor)
{
    public static ReadConsistency Session { get; } = new("Session", 1);

    public static ReadConsistency BoundedStaleness { get; } = new("BoundedStaleness", 2);
}
