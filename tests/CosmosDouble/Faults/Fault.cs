using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Faults;

internal enum FaultKind
{
    /// <summary>An error instead of the answer.</summary>
    Status,

    /// <summary>The connection is cut instead of an answer.</summary>
    Drop,

    /// <summary>Nothing for a while, then the true answer.</summary>
    Stall,
}

/// <summary>What goes wrong.</summary>
/// <param name="Acts">Whether the request is carried out first: the outcome that a client cannot know.</param>
/// <param name="Answer">For Status.</param>
/// <param name="Span">For Stall; null until it is released.</param>
internal sealed record Fault(FaultKind Kind, bool Acts = false, CosmosAnswer? Answer = null, TimeSpan? Span = null)
{
    /// <summary>429 with the service's own hint.</summary>
    public static Fault TooManyRequests(TimeSpan retryAfter) => new(FaultKind.Status, Answer: CosmosAnswer.Of(
        new Refusal(429, Refusal.TooManyUnits, "Request rate is large. More Request Units may be needed.")) with
    {
        RetryAfterMilliseconds = (int)retryAfter.TotalMilliseconds,
    });

    /// <summary>408, 410, 449, 500, 503: an error that says nothing about what has happened.</summary>
    /// <param name="acts">Whether the write was carried out all the same.</param>
    public static Fault Status(int status, int subStatus = 0, bool acts = false) =>
        new(FaultKind.Status, acts, CosmosAnswer.Of(new Refusal(status, subStatus, "A fault that was asked for.")));

    public static Fault DropBefore { get; } = new(FaultKind.Drop);

    public static Fault DropAfter { get; } = new(FaultKind.Drop, Acts: true);

    public static Fault Stall(TimeSpan? span = null) => new(FaultKind.Stall, Span: span);
}
