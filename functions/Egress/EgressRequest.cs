using System.Collections.Immutable;
using System.Net;
using PracticPro.Kernel;

namespace PracticPro.Egress;

/// <summary>One call to make: a declared operation, its argument, and what goes with it.</summary>
internal sealed record EgressRequest(Processor Processor, ProviderOperation Operation)
{
    /// <summary>Fills <c>{0}</c> of the path; escaped by the door.</summary>
    public string? PathArgument { get; init; }

    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public string BodyType { get; init; } = "application/json";

    public SecretText? Bearer { get; init; }

    public SendPermit? Permit { get; init; }
}

/// <summary>What came back, whole. Any HTTP status is an answer.</summary>
internal sealed record EgressAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
