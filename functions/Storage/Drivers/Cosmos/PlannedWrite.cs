namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>One item of a batch, and what it came from.</summary>
/// <param name="Operation">Index in the caller's batch; the first, if several became one item.</param>
/// <param name="IsCondition">Whether a refusal is the caller's condition that does not hold. Otherwise the plan was stale.</param>
internal sealed record PlannedWrite(ItemWrite Write, int Operation, bool IsCondition);

/// <param name="Heads">Where the logs go on after it.</param>
/// <param name="Lost">The operation whose condition was seen not to hold, without a write to show it.</param>
/// <param name="Indexes">Index of each append, in the batch's order.</param>
internal sealed record BatchPlan(
    IReadOnlyList<PlannedWrite> Writes,
    IReadOnlyDictionary<LogName, long> Heads,
    IReadOnlyList<long> Indexes,
    int? Witness,
    int? Lost);
