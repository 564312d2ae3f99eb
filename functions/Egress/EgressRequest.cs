using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PracticPro.Egress;

/// <summary>One call to make: a declared operation, its argument, and what goes with it.</summary>
internal sealed record EgressRequest(Processor Processor, ProviderOperation Operation)
{
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Fills <c>{0}</c> of the path; escaped by the door.</summary>
    public string? PathArgument { get; init; }

    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public string BodyType { get; init; } = "application/json";

    /// <summary>Opened by the door, for the header.</summary>
    public SealedToken? Bearer { get; init; }

    /// <summary>Opened by the door, for the form in <see cref="Body"/>. Grants only.</summary>
    public TokenField? FormToken { get; init; }

    public SendPermit? Permit { get; init; }
}

/// <summary>What came back, whole. Any HTTP status is an answer.</summary>
internal sealed record EgressAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Forgets what came back: for an answer that holds a token.</summary>
    public void Zero()
    {
        if (MemoryMarshal.TryGetArray(Body, out var bytes))
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
