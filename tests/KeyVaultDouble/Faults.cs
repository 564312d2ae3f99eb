using System.Collections.Concurrent;

namespace PracticPro.KeyVaultDouble;

/// <summary>How a request goes wrong on purpose.</summary>
internal enum FaultKind
{
    /// <summary>Answers with the fault's status; nothing is carried out.</summary>
    Answer,

    /// <summary>Never answers; nothing is carried out.</summary>
    Stall,

    /// <summary>The connection is torn before anything is carried out.</summary>
    TearBefore,

    /// <summary>It is carried out and kept, then the connection is torn.</summary>
    TearAfter,

    /// <summary>It is carried out, and the answer is not JSON.</summary>
    Garble,
}

/// <summary>One fault, for requests of one operation (see <see cref="Operations"/>), or <c>*</c> for any.</summary>
/// <param name="Times">How many requests it meets.</param>
/// <param name="RetryAfter">Whole seconds, for the header of that name.</param>
internal sealed record Fault(
    string Operation,
    FaultKind Kind,
    int Times = 1,
    int Status = 503,
    string Code = "ServiceUnavailable",
    string? Inner = null,
    int? RetryAfter = null);

/// <summary>Faults that wait for their requests, and operations the caller has no role for.</summary>
internal sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Fault> waiting = [];
    private readonly ConcurrentDictionary<string, bool> forbidden = new(StringComparer.Ordinal);

    public void Add(Fault fault)
    {
        lock (gate)
        {
            waiting.Add(fault);
        }
    }

    /// <summary>From now on the operation is refused as by a missing role assignment.</summary>
    public void Forbid(string operation) => forbidden[operation] = true;

    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
        }

        forbidden.Clear();
    }

    internal bool IsForbidden(string operation) => forbidden.ContainsKey(operation);

    /// <summary>The fault that meets this request, used up by it.</summary>
    internal Fault? Next(string operation)
    {
        lock (gate)
        {
            var at = waiting.FindIndex(fault => fault.Operation == operation || fault.Operation == "*");
            if (at < 0)
            {
                return null;
            }

            var fault = waiting[at];
            if (fault.Times > 1)
            {
                waiting[at] = fault with { Times = fault.Times - 1 };
            }
            else
            {
                waiting.RemoveAt(at);
            }

            return fault;
        }
    }
}
