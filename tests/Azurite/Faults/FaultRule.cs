using System.Text.Json.Serialization;

namespace PracticPro.Azurite.Faults;

/// <summary>What happens to a call instead of, or beside, its being carried out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultAct>))]
internal enum FaultAct
{
    /// <summary>503 <c>ServerBusy</c>; not carried out.</summary>
    Busy,

    /// <summary>429 <c>TooManyRequests</c>; not carried out.</summary>
    Throttled,

    /// <summary>500 <c>InternalError</c>; not carried out.</summary>
    Broken,

    /// <summary>403 <c>AuthorizationPermissionMismatch</c>; not carried out.</summary>
    Forbidden,

    /// <summary>The connection is cut before anything is carried out.</summary>
    TornBefore,

    /// <summary>Carried out; the connection is cut instead of an answer.</summary>
    TornAfter,

    /// <summary>The answer's body is cut in the middle. For reads.</summary>
    TornWithin,

    /// <summary>No answer and nothing carried out, until the caller or <see cref="FaultPlan.Clear()"/> ends it.</summary>
    Stall,
}

/// <summary>One fault and the calls it is for. What is null is for every call.</summary>
/// <param name="Service"><c>blobs</c> or <c>queues</c>.</param>
/// <param name="Method">As it is written in the request: <c>PUT</c>.</param>
/// <param name="Comp">Value of the query's <c>comp</c>; empty for calls without one.</param>
/// <param name="Path">Text that the path holds.</param>
/// <param name="Skip">Calls that fit and are let pass first.</param>
/// <param name="Times">Calls it strikes; below zero for all from then on.</param>
internal sealed record FaultRule(
    FaultAct Act,
    string? Service = null,
    string? Method = null,
    string? Comp = null,
    string? Path = null,
    int Skip = 0,
    int Times = 1)
{
    public bool Fits(string service, HttpRequest request) =>
        (Service is null || Service == service)
        && (Method is null || Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
        && (Comp is null || Comp == request.Query["comp"].ToString())
        && (Path is null || request.Path.Value!.Contains(Path, StringComparison.Ordinal));
}
