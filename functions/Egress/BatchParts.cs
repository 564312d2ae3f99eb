using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace PracticPro.Egress;

/// <summary>
/// Several reads as one <c>multipart/mixed</c> body, and the answers out of another: bytes to bytes, pure. A part is an HTTP
/// message of its own, <c>application/http</c>; read <c>n</c> is named <c>&lt;n&gt;</c> and its answer
/// <c>&lt;response-n&gt;</c>, in any order. Source: Gmail API guide "Batching requests"; RFC 2046, 5.1.
/// </summary>
internal static class BatchParts
{
    /// <summary>So many are taken at once by Google.</summary>
    public const int Most = 100;

    // Fixed: a part is a line of visible ASCII that begins with GET, so that nothing in it can look like a boundary.
    private const string Boundary = "practicpro-reads";

    /// <summary>RFC 2046, 5.1.1.</summary>
    private const int LongestBoundary = 70;

    public const string BodyType = $"multipart/mixed; boundary={Boundary}";

    private static readonly SearchValues<char> BoundarySymbols = SearchValues.Create(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ");

    /// <summary>Whose reads these are.</summary>
    /// <exception cref="InvalidOperationException">They are not, all of them, plain declared reads of one processor that offers this.</exception>
    public static Processor ProcessorOf(ProviderOperation batch, IReadOnlyList<EgressRequest> reads)
    {
        if (reads.Count is < 1 or > Most)
        {
            throw new InvalidOperationException($"A batch holds 1 to {Most} reads.");
        }

        var processor = reads[0].Processor;
        if (batch.Effect != Effect.Batch || !processor.Operations.Contains(batch))
        {
            throw new InvalidOperationException($"{processor.Name} has no batch {batch.Name}.");
        }

        return reads.All(read => ReferenceEquals(read.Processor, processor) && IsPlainRead(read))
            ? processor
            : throw new InvalidOperationException("A batch holds declared reads of one processor and nothing else.");
    }

    /// <summary>The body of a call, <see cref="BodyType"/>.</summary>
    /// <inheritdoc cref="EgressRequest.Target"/>
    public static ReadOnlyMemory<byte> Compose(IReadOnlyList<EgressRequest> reads)
    {
        var body = new ArrayBufferWriter<byte>(1024 * reads.Count);
        ImmutableArray<KeyValuePair<string, string>> query = [];
        var queryText = Array.Empty<byte>();
        for (var at = 0; at < reads.Count; at++)
        {
            var read = reads[at];
            if (read.Query != query)
            {
                // Mostly all of a batch are asked with one query.
                (query, queryText) = (read.Query, Encoding.ASCII.GetBytes(read.QueryText()));
            }

            body.Write("--practicpro-reads\r\nContent-Type: application/http\r\nContent-ID: <"u8);
            WriteText(body, at.ToString(CultureInfo.InvariantCulture));
            body.Write(">\r\n\r\nGET "u8);
            WriteText(body, read.PathText());
            if (queryText.Length > 0)
            {
                body.Write("?"u8);
                body.Write(queryText);
            }

            body.Write(" HTTP/1.1\r\n\r\n\r\n"u8);
        }

        body.Write("--practicpro-reads--\r\n"u8);
        return body.WrittenMemory;
    }

    /// <summary>What stands between the parts of an answer of that type; null when it is none with parts.</summary>
    public static string? BoundaryOf(MediaTypeHeaderValue? type)
    {
        if (type is null || !string.Equals(type.MediaType, "multipart/mixed", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var named = type.Parameters
            .Where(static one => one.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
            .Select(static one => one.Value ?? "")
            .ToList();
        if (named is not [var text])
        {
            return null;
        }

        var plain = text is ['"', .. var inner, '"'] ? inner : text;
        return plain.Length is > 0 and <= LongestBoundary && plain[^1] != ' ' && !plain.AsSpan().ContainsAnyExcept(BoundarySymbols)
            ? plain
            : null;
    }

    /// <summary>
    /// The answers, in the order their reads were asked; their bodies are slices of the whole. Null unless every read is
    /// answered exactly once and all of it can be understood: never a guess.
    /// </summary>
    /// <param name="date">The provider's clock, for parts that do not tell it themselves.</param>
    public static ImmutableArray<EgressAnswer>? Parse(ReadOnlyMemory<byte> whole, string boundary, int count, DateTimeOffset? date)
    {
        var delimiter = Encoding.ASCII.GetBytes($"\r\n--{boundary}");
        var answers = new EgressAnswer?[count];
        var answered = 0;
        if (!FindFirst(whole.Span, delimiter, out var place))
        {
            return null;
        }

        while (!place.IsLast)
        {
            if (!Find(whole.Span, delimiter, place.After, out var next)
                || !BatchPart.TryRead(whole[place.After..next.Before], date, out var number, out var answer)
                || number >= count
                || answers[number] is not null)
            {
                return null;
            }

            answers[number] = answer;
            answered++;
            place = next;
        }

        return answered == count ? [.. answers.Select(static one => one!)] : null;
    }

    private static bool IsPlainRead(EgressRequest request) =>
        request.Operation.Effect == Effect.Read
        && request.Operation.Method == HttpMethod.Get
        && request.Processor.Operations.Contains(request.Operation)
        && request is { Body.IsEmpty: true, Bearer: null, FormToken: null, Client: null, Permit: null, Headers.IsEmpty: true };

    // What the address is made of is escaped: anything but visible ASCII would be a bug, and could end the line.
    private static void WriteText(ArrayBufferWriter<byte> body, string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new InvalidOperationException("An address is visible ASCII.");
        }

        var into = body.GetSpan(text.Length);
        body.Advance(Encoding.ASCII.GetBytes(text, into));
    }

    // What stands before the first boundary is not for us: RFC 2046, 5.1.1, preamble.
    private static bool FindFirst(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> delimiter, out Delimiter found) =>
        (whole.StartsWith(delimiter[2..]) && IsWholeLine(whole, 0, delimiter.Length - 2, out found))
        || Find(whole, delimiter, 0, out found);

    private static bool Find(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> delimiter, int from, out Delimiter found)
    {
        while (whole[from..].IndexOf(delimiter) is var at && at >= 0)
        {
            var after = from + at + delimiter.Length;
            if (IsWholeLine(whole, from + at, after, out found))
            {
                return true;
            }

            // A line that only begins like a boundary is content.
            from = after;
        }

        found = default;
        return false;
    }

    private static bool IsWholeLine(ReadOnlySpan<byte> whole, int before, int after, out Delimiter found)
    {
        var isLast = whole[after..].StartsWith("--"u8);
        after += isLast ? 2 : 0;
        while (after < whole.Length && whole[after] is (byte)' ' or (byte)'\t')
        {
            after++;
        }

        found = new Delimiter(before, after + 2, isLast);
        return whole[after..].StartsWith("\r\n"u8) || (isLast && after == whole.Length);
    }

    /// <param name="Before">Where what stands before it ends.</param>
    /// <param name="After">Where what stands behind it begins.</param>
    private readonly record struct Delimiter(int Before, int After, bool IsLast);
}
