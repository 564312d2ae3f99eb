using System.Text;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// One request inside a batch. Lines may end with CRLF or LF alone: Google takes both. Only the path of an address is
/// allowed, no host. Source: Gmail API guide "Batching requests".
/// </summary>
internal sealed record BatchPart(
    string? ContentId, string Verb, string Target, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The parts of a body; null when it cannot be taken apart.</summary>
    public static List<BatchPart>? ReadAll(ReadOnlyMemory<byte> whole, string boundary)
    {
        var parts = new List<BatchPart>();
        byte[] delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        int at = 0;
        int begin = -1;
        while (at < whole.Length)
        {
            int end = LineEnd(whole.Span, at);
            ReadOnlySpan<byte> line = Text(whole.Span[at..end]);
            if (line.StartsWith(delimiter))
            {
                ReadOnlySpan<byte> rest = line[delimiter.Length..];
                if (begin >= 0)
                {
                    if (Read(whole[begin..at]) is not BatchPart part)
                    {
                        return null;
                    }

                    parts.Add(part);
                }

                if (rest.SequenceEqual("--"u8))
                {
                    return parts;
                }

                if (!rest.IsEmpty)
                {
                    return null;
                }

                begin = end;
            }

            at = end;
        }

        return null;
    }

    private static BatchPart? Read(ReadOnlyMemory<byte> part)
    {
        int at = 0;
        if (ReadHeaders(part.Span, ref at) is not { } outer
            || !outer.TryGetValue("Content-Type", out string? type)
            || !type.StartsWith("application/http", StringComparison.OrdinalIgnoreCase)
            || at >= part.Length)
        {
            return null;
        }

        int end = LineEnd(part.Span, at);
        string[] words = Encoding.Latin1.GetString(Text(part.Span[at..end])).Split(' ');
        at = end;
        if (words.Length is not (2 or 3)
            || !words[1].StartsWith('/')
            || (words.Length == 3 && !words[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
            || ReadHeaders(part.Span, ref at) is not { } inner)
        {
            return null;
        }

        return new BatchPart(outer.GetValueOrDefault("Content-ID"), words[0], words[1], inner, part[at..]);
    }

    /// <summary>Up to and with the empty line, or to the end.</summary>
    private static Dictionary<string, string>? ReadHeaders(ReadOnlySpan<byte> part, ref int at)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (at < part.Length)
        {
            int end = LineEnd(part, at);
            ReadOnlySpan<byte> line = Text(part[at..end]);
            at = end;
            if (line.IsEmpty)
            {
                break;
            }

            int colon = line.IndexOf((byte)':');
            if (colon < 1)
            {
                return null;
            }

            headers[Encoding.Latin1.GetString(line[..colon])] = Encoding.Latin1.GetString(line[(colon + 1)..]).Trim();
        }

        return headers;
    }

    /// <summary>Where the next line begins.</summary>
    private static int LineEnd(ReadOnlySpan<byte> bytes, int at)
    {
        int end = bytes[at..].IndexOf((byte)'\n');
        return end < 0 ? bytes.Length : at + end + 1;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> line) => line.TrimEnd("\r\n"u8);
}
