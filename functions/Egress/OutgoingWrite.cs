using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Egress;

/// <summary>
/// One write to a provider as it will leave, whole. Composed once, when it is put before a person, and kept; the permit is
/// for its bytes, so that it fits this call and no other: neither another event, nor another version of it, nor other guests
/// told of it. The bytes are UTF-8, lines end in LF:
/// <code>
///   google-calendar PATCH /calendar/v3/calendars/primary/events/1f3870be?sendUpdates=all
///   If-Match: "3181161784712000"
///                                       (an empty line; then the body as it is)
///   {"summary":"First visit"}
/// </code>
/// For operations declared by <see cref="ProviderOperation.WriteWhole"/>.
/// </summary>
/// <param name="Operation">Its name.</param>
/// <param name="Headers">As given with the request; all of them count.</param>
internal sealed record OutgoingWrite(
    string Operation,
    ImmutableArray<string> PathArguments,
    ImmutableArray<KeyValuePair<string, string>> Query,
    ImmutableArray<KeyValuePair<string, string>> Headers,
    byte[] Bytes)
{
    private static readonly byte[] EndOfHead = "\n\n"u8.ToArray();

    /// <summary>The body alone.</summary>
    public ReadOnlyMemory<byte> Body() => Bytes.AsMemory(Bytes.AsSpan().IndexOf(EndOfHead) + EndOfHead.Length);

    /// <summary>SHA-256 of the bytes, for the permit.</summary>
    public byte[] Sha256() => SHA256.HashData(Bytes);

    public static OutgoingWrite Of(EgressRequest request) => new(
        request.Operation.Name, request.PathArguments, request.Query, request.Headers, BytesOf(request));

    /// <summary>The same call again. Should anything in it differ from the bytes, no permit for them fits it.</summary>
    /// <exception cref="InvalidOperationException">The processor has no such operation.</exception>
    public EgressRequest ToRequest(Processor processor) =>
        new(processor, processor.Operations.Single(operation => operation.Name == Operation))
        {
            PathArguments = PathArguments, Query = Query, Headers = Headers, Body = Body(),
        };

    /// <exception cref="ArgumentException">A header holds a line break.</exception>
    internal static byte[] BytesOf(EgressRequest request)
    {
        var head = new StringBuilder()
            .Append(request.Processor.Name).Append(' ').Append(request.Operation.Method.Method).Append(' ')
            .Append(request.Target()).Append('\n');
        foreach (var (name, value) in request.Headers.OrderBy(static header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            head.Append(OneLine(name)).Append(": ").Append(OneLine(value)).Append('\n');
        }

        return [.. Encoding.UTF8.GetBytes(head.Append('\n').ToString()), .. request.Body.Span];
    }

    private static string OneLine(string text) => text.AsSpan().ContainsAny('\r', '\n', '\0')
        ? throw new ArgumentException("A header cannot hold a line break.", nameof(text))
        : text;
}
