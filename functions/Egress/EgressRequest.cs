using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Egress;

/// <summary>One call to make: a declared operation, its argument, and what goes with it.</summary>
internal sealed record EgressRequest(Processor Processor, ProviderOperation Operation)
{
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Fill <c>{0}</c>, <c>{1}</c> … of the path, as many as it has; escaped by the door.</summary>
    public ImmutableArray<string> PathArguments { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>
    /// Headers the provider wants besides the usual: <c>Accept</c>, <c>Prefer</c>, <c>If-Match</c>. Never a token: that is
    /// <see cref="Bearer"/>.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public string BodyType { get; init; } = "application/json";

    /// <summary>Opened by the door, for the header.</summary>
    public SealedToken? Bearer { get; init; }

    /// <summary>
    /// Opened by the door, for the form in <see cref="Body"/>; with the body type <c>application/json</c> it is the whole
    /// body: <c>{"name":"token"}</c>. Grants only.
    /// </summary>
    public TokenField? FormToken { get; init; }

    /// <summary>Who the program is, for the header. Grants only, and never beside a <see cref="Bearer"/>.</summary>
    public BasicClient? Client { get; init; }

    public SendPermit? Permit { get; init; }

    /// <summary>Path and query as they leave, every argument escaped.</summary>
    /// <exception cref="InvalidOperationException">An argument is empty or dots only: the address would be another.</exception>
    public string Target() => Query.IsEmpty ? PathText() : $"{PathText()}?{QueryText()}";

    /// <summary>The path as it leaves.</summary>
    /// <inheritdoc cref="Target"/>
    public string PathText()
    {
        if (PathArguments.Any(static argument => argument is "" or "." or ".."))
        {
            throw new InvalidOperationException("A path argument names something.");
        }

        return PathArguments.IsEmpty
            ? Operation.Path
            : string.Format(CultureInfo.InvariantCulture, Operation.Path, [.. PathArguments.Select(Uri.EscapeDataString)]);
    }

    /// <summary>The query as it leaves, without its question mark.</summary>
    public string QueryText() => string.Join('&', Query.Select(
        static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
}

/// <summary>
/// The program's own name and secret at a provider, as HTTP Basic wants them (RFC 6749, 2.3.1). The door makes the header of
/// them, and nobody else.
/// </summary>
[JsonConverter(typeof(NeverJson<BasicClient>))]
internal sealed record BasicClient(string Name, SecretText Secret)
{
    public override string ToString() => "***";
}

/// <summary>What came back, whole. Any HTTP status is an answer.</summary>
internal sealed record EgressAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>How long the provider asks to wait, by its <c>Retry-After</c> (RFC 9110, 10.2.3); null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The version of what was answered, by its <c>ETag</c> header, quotes included; null without one.</summary>
    public string? EntityTag { get; init; }

    /// <summary>The provider's own clock, by its <c>Date</c> header; null without one.</summary>
    public DateTimeOffset? Date { get; init; }

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

/// <summary>What came back of several reads in one call.</summary>
/// <param name="Outer">The answer to the call itself. Where it is no success there is nothing else.</param>
/// <param name="Parts">One answer for each read, in the order they were asked.</param>
internal sealed record BatchAnswer(EgressAnswer Outer, ImmutableArray<EgressAnswer> Parts);
