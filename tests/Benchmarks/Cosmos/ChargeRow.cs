namespace PracticPro.Benchmarks.Cosmos;

/// <summary>One row: what an operation of the store costs in Azure Cosmos DB, and the most it may cost.</summary>
/// <param name="Bound">Request units.</param>
/// <param name="Units">
/// Request units by the double's formulas (<c>tests/CosmosDouble/Charges</c>): documented points and lines between them,
/// not the service's own meter.
/// </param>
internal sealed record ChargeRow(string Name, double Bound, double Units)
{
    public bool Holds => Units <= Bound;
}
