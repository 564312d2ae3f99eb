using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Items;

internal enum ItemVerb
{
    Create,
    Read,
    Replace,
    Upsert,
    Delete,
    Patch,
}

/// <summary>One thing to do with one item: a request of its own, or a line of a batch.</summary>
/// <param name="Id">The item; null where the body names it (create, upsert).</param>
/// <param name="Body">The item, or the patch.</param>
/// <param name="Minimal">Whether the answer to a write goes without the item.</param>
internal sealed record ItemOperation(
    ItemVerb Verb, string? Id, ReadOnlyMemory<byte> Body, string? IfMatch = null, string? IfNoneMatch = null, bool Minimal = false);

/// <summary>What came of it.</summary>
/// <param name="Item">What was read or written; null after a delete or a refusal.</param>
internal sealed record ItemResult(int Status, double Charge, StoredItem? Item = null, Refusal? Refusal = null)
{
    /// <summary>304 is an answer, not a failure.</summary>
    public bool Failed => Refusal is not null;

    public static ItemResult Of(Refusal refusal, double charge = 1) => new(refusal.Status, charge, null, refusal);
}
