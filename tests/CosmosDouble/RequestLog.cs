using System.Collections.Concurrent;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble;

/// <summary>One request that was answered, or cut off.</summary>
/// <param name="PartitionKey">The header's canonical text; null where there was none.</param>
/// <param name="Status">0 for a connection that was cut.</param>
/// <param name="Charge">Request units, estimated.</param>
internal sealed record ServedRequest(RequestKind Kind, string Method, string? PartitionKey, int Status, int SubStatus, double Charge);

/// <summary>What was asked of the double, so that a test can say how many requests went out and what they cost.</summary>
internal sealed class RequestLog
{
    private const int Most = 100_000;
    private readonly ConcurrentQueue<ServedRequest> served = new();

    /// <summary>Oldest first; the oldest beyond a hundred thousand are forgotten.</summary>
    public IReadOnlyCollection<ServedRequest> Served => served;

    public int Count(RequestKind kind) => served.Count(request => request.Kind == kind);

    public double Charge => served.Sum(request => request.Charge);

    public void Add(ServedRequest request)
    {
        served.Enqueue(request);
        if (served.Count > Most)
        {
            served.TryDequeue(out _);
        }
    }

    public void Clear() => served.Clear();
}
