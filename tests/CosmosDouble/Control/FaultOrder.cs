using PracticPro.CosmosDouble.Faults;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Control;

/// <summary>A fault as it is asked for over HTTP; the README's table says what each property means.</summary>
internal sealed record FaultOrder
{
    /// <summary><c>status</c>, <c>dropBefore</c>, <c>dropAfter</c> or <c>stall</c>.</summary>
    public required string Act { get; init; }

    public RequestKind? Kind { get; init; }

    public string? Method { get; init; }

    public string? PartitionKey { get; init; }

    public int Skip { get; init; }

    public int Times { get; init; } = 1;

    public int Status { get; init; }

    public int SubStatus { get; init; }

    public int? RetryAfterMilliseconds { get; init; }

    /// <summary>For a status: whether the request is carried out first.</summary>
    public bool Acts { get; init; }

    /// <summary>For a stall; null until all faults are cleared.</summary>
    public double? Seconds { get; init; }

    /// <summary>Null for what is no fault.</summary>
    public Fault? ToFault() => Act switch
    {
        "status" when Status == 429 => Fault.TooManyRequests(TimeSpan.FromMilliseconds(RetryAfterMilliseconds ?? 100)),
        "status" when Status is >= 400 and < 600 => Fault.Status(Status, SubStatus, Acts),
        "dropBefore" => Fault.DropBefore,
        "dropAfter" => Fault.DropAfter,
        "stall" => Fault.Stall(Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null),
        _ => null,
    };
}
