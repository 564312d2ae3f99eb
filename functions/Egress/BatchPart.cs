using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace PracticPro.Egress;

/// <summary>
/// One part of an answer to several reads: headers that say which read it answers, then an HTTP answer. Its lines end with
/// CRLF. An answer without a body may end with its last header, for the line break belongs to the boundary behind it.
/// </summary>
internal static class BatchPart
{
    /// <param name="number">Which read it answers.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> part, DateTimeOffset? date, out int number, [NotNullWhen(true)] out EgressAnswer? answer)
    {
        answer = null;
        var rest = part.Span;
        if (!TryReadHead(ref rest, out number) || !TryReadStatus(ref rest, out var status))
        {
            return false;
        }

        var told = new Told();
        while (!rest.IsEmpty)
        {
            if (!NextLine(ref rest, out var line))
            {
                // The last header, and no body.
                line = rest;
                rest = default;
            }
            else if (line.IsEmpty)
            {
                break;
            }

            if (!Split(line, out var name, out var value) || !told.Hear(name, value))
            {
                return false;
            }
        }

        var body = part[^rest.Length..];
        if (told.Length is { } length)
        {
            // A shorter body was cut off; behind its end there may be line breaks and nothing else.
            if (length > body.Length || body.Span[length..].ContainsAnyExcept((byte)'\r', (byte)'\n'))
            {
                return false;
            }

            body = body[..length];
        }

        answer = new EgressAnswer(status, body)
        {
            RetryAfter = told.Wait(date),
            EntityTag = told.EntityTag,
            Date = told.Date ?? date,
        };
        return true;
    }

    private static bool TryReadHead(ref ReadOnlySpan<byte> rest, out int number)
    {
        number = -1;
        var isHttp = false;
        while (NextLine(ref rest, out var line))
        {
            if (line.IsEmpty)
            {
                return isHttp && number >= 0;
            }

            if (!Split(line, out var name, out var value))
            {
                return false;
            }

            if (Is(name, "content-type"u8))
            {
                var end = value.IndexOf((byte)';');
                isHttp = Is((end < 0 ? value : value[..end]).TrimEnd((byte)' '), "application/http"u8);
            }
            else if (Is(name, "content-id"u8))
            {
                // Twice is once too often.
                if (number >= 0 || !TryReadNumber(value, out number))
                {
                    return false;
                }
            }
        }

        return false;
    }

    // <response-7>
    private static bool TryReadNumber(ReadOnlySpan<byte> value, out int number)
    {
        number = -1;
        if (!value.StartsWith("<response-"u8) || value[^1] != (byte)'>')
        {
            return false;
        }

        var digits = value["<response-"u8.Length..^1];
        return digits.Length is > 0 and <= 3
            && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (digits.Length == 1 || digits[0] != (byte)'0')
            && Utf8Parser.TryParse(digits, out number, out _);
    }

    // HTTP/1.1 200 OK
    private static bool TryReadStatus(ref ReadOnlySpan<byte> rest, out HttpStatusCode status)
    {
        status = default;
        if (!NextLine(ref rest, out var line))
        {
            line = rest;
            rest = default;
        }

        if (!line.StartsWith("HTTP/1."u8)
            || line.Length < 12
            || line[8] != (byte)' '
            || (line.Length > 12 && line[12] != (byte)' ')
            || !Utf8Parser.TryParse(line[9..12], out int code, out var used)
            || used != 3
            || code is < 200 or > 599)
        {
            return false;
        }

        status = (HttpStatusCode)code;
        return true;
    }

    private static bool NextLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            line = default;
            return false;
        }

        line = rest[..end];
        rest = rest[(end + 2)..];
        return true;
    }

    private static bool Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var colon = line.IndexOf((byte)':');
        name = colon > 0 ? line[..colon] : default;
        value = line[(colon + 1)..].Trim(" \t"u8);
        return colon > 0 && name.IndexOfAny((byte)' ', (byte)'\t') < 0;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(name, lowerCase);

    /// <summary>What the headers of an answer tell, as far as it counts here.</summary>
    private struct Told
    {
        private TimeSpan? wait;
        private DateTimeOffset? until;

        public int? Length { get; private set; }

        public DateTimeOffset? Date { get; private set; }

        public string? EntityTag { get; private set; }

        /// <summary>False when the answer cannot be understood with it.</summary>
        public bool Hear(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            if (Is(name, "content-length"u8))
            {
                var isNumber = Utf8Parser.TryParse(value, out int length, out var used) && used == value.Length && length >= 0;
                if (!isNumber || (Length is { } before && before != length))
                {
                    return false;
                }

                Length = length;
            }
            else if (Is(name, "content-encoding"u8) || Is(name, "transfer-encoding"u8))
            {
                // None was asked for.
                return Is(value, "identity"u8);
            }
            else if (Is(name, "date"u8))
            {
                Date = Moment(value);
            }
            else if (Is(name, "etag"u8))
            {
                EntityTag = Encoding.ASCII.GetString(value);
            }
            else if (Is(name, "retry-after"u8))
            {
                (wait, until) = Utf8Parser.TryParse(value, out int seconds, out var used) && used == value.Length && seconds >= 0
                    ? (TimeSpan.FromSeconds(seconds), null)
                    : ((TimeSpan?)null, Moment(value));
            }

            return true;
        }

        /// <summary>A date is read against the provider's own clock, as in an answer of its own.</summary>
        public readonly TimeSpan? Wait(DateTimeOffset? outerDate) => (wait, until, Date ?? outerDate) switch
        {
            ({ } known, _, _) => known,
            (_, { } end, { } now) => end > now ? end - now : TimeSpan.Zero,
            _ => null,
        };

        private static DateTimeOffset? Moment(ReadOnlySpan<byte> value) =>
            Utf8Parser.TryParse(value, out DateTimeOffset moment, out var used, 'R') && used == value.Length ? moment : null;
    }
}
