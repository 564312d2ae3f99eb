using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Faults;

/// <summary>Which requests a rule is about; what is null matches everything.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="PartitionKey">The header as JSON: <c>["tenant-1"]</c>.</param>
internal sealed record FaultMatch(RequestKind? Kind = null, string? Method = null, string? PartitionKey = null)
{
    public bool Fits(CosmosRequest request) =>
        (Kind is null || request.Kind == Kind)
        && (Method is null || Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
        && (PartitionKey is null || request.PartitionKey?.Text == PartitionKey);
}

/// <summary>
/// One rule: lets the first <paramref name="skip"/> matching requests pass, strikes <paramref name="times"/> times, and is
/// spent. It counts how often it fired; a stalled request waits until it is released.
/// </summary>
internal sealed class FaultRule(FaultMatch match, Fault fault, int skip, int times)
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int seen;

    public Fault Fault => fault;

    public int Fired { get; private set; }

    /// <summary>Completes when the rule strikes for the first time: a test knows then that a request is held.</summary>
    public Task Struck => struck.Task;

    internal Task Released => released.Task;

    /// <summary>Lets stalled requests go on, and later ones pass without waiting.</summary>
    public void Release() => released.TrySetResult();

    /// <summary>Called under the queue's lock.</summary>
    internal bool Strikes(CosmosRequest request)
    {
        if (!match.Fits(request) || ++seen <= skip || Fired >= times)
        {
            return false;
        }

        Fired++;
        struck.TrySetResult();
        return true;
    }
}
