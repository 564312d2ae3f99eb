using System.Buffers;
using System.Globalization;
using System.Text;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// Reads any bytes as a MIME message (RFC 2045 to 2047, RFC 5322). It never refuses: mail from the wild breaks every
/// rule there is, and a mailbox shows it all the same. Where a rule is broken the simplest reading wins: no boundary
/// means plain text, no closing boundary means the part runs to the end, a bad header line starts the body.
/// </summary>
internal static class MimeReader
{
    // Bounds against mail that nests without end; real mail stays far below both.
    private const int DeepestNesting = 30;
    private const int MostParts = 1_000;

    private static readonly SearchValues<char> NotInTypeNames = SearchValues.Create(" \t\"<>@,;:\\()[]?=");

    public static MimePart Read(byte[] raw) => ReadPart(new Frame(raw, 0, raw.Length), "", 0);

    private static MimePart ReadPart(Frame frame, string partId, int depth)
    {
        HeaderBlock headers = HeaderBlock.Read(frame.Raw, frame.Start, frame.End);
        ParameterValue type = ParameterValue.Parse(headers.First("Content-Type"));
        string mimeType = IsTypeName(type.Word) ? type.Word : "text/plain";
        var body = new Frame(frame.Raw, headers.BodyStart, frame.End);
        List<MimePart> parts = depth >= DeepestNesting ? [] : ReadChildren(body, type, mimeType, partId, depth);
        if (mimeType.StartsWith("multipart/", StringComparison.Ordinal) && parts.Count == 0)
        {
            mimeType = "text/plain";
        }

        return new MimePart(frame.Raw, frame.End, partId, headers, mimeType)
        {
            FileName = FileNameOf(headers, type),
            Charset = type["charset"],
            Parts = parts,
        };
    }

    private static List<MimePart> ReadChildren(
        Frame body, ParameterValue type, string mimeType, string partId, int depth)
    {
        List<Frame> frames = [];
        if (mimeType.StartsWith("multipart/", StringComparison.Ordinal) && type["boundary"] is { Length: > 0 } boundary)
        {
            frames = Split(body, boundary);
        }
        else if (mimeType == "message/rfc822" && body.End > body.Start)
        {
            frames = [body];
        }

        var parts = new List<MimePart>(frames.Count);
        foreach (Frame frame in frames)
        {
            string index = parts.Count.ToString(CultureInfo.InvariantCulture);
            parts.Add(ReadPart(frame, partId.Length == 0 ? index : $"{partId}.{index}", depth + 1));
        }

        return parts;
    }

    /// <summary>The parts between delimiter lines. The line end before a delimiter belongs to the delimiter.</summary>
    private static List<Frame> Split(Frame body, string boundary)
    {
        var frames = new List<Frame>();
        byte[] delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        var lines = new LineScan(body.Raw, body.Start, body.End);
        int partStart = -1;
        int previousEnd = body.Start;
        while (lines.MoveNext() && frames.Count < MostParts)
        {
            bool closes = IsDelimiter(lines.Text, delimiter, "--"u8);
            if (closes || IsDelimiter(lines.Text, delimiter, default))
            {
                if (partStart >= 0)
                {
                    frames.Add(new Frame(body.Raw, partStart, Math.Max(partStart, previousEnd)));
                }

                partStart = closes ? -1 : lines.Next;
                if (closes)
                {
                    return frames;
                }
            }

            previousEnd = lines.End;
        }

        if (partStart >= 0)
        {
            frames.Add(new Frame(body.Raw, partStart, body.End));
        }

        return frames;
    }

    /// <summary>RFC 2046 section 5.1.1: the delimiter stands alone on its line, blanks behind it allowed.</summary>
    private static bool IsDelimiter(ReadOnlySpan<byte> line, ReadOnlySpan<byte> delimiter, ReadOnlySpan<byte> tail) =>
        line.StartsWith(delimiter)
        && line[delimiter.Length..].StartsWith(tail)
        && line[(delimiter.Length + tail.Length)..].TrimEnd(" \t\r"u8).IsEmpty;

    private static bool IsTypeName(string word)
    {
        int slash = word.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < word.Length - 1 && !word.AsSpan().ContainsAny(NotInTypeNames);
    }

    private static string FileNameOf(HeaderBlock headers, ParameterValue type)
    {
        string? name = ParameterValue.Parse(headers.First("Content-Disposition"))["filename"] ?? type["name"];
        return EncodedWords.Decode(name ?? "");
    }

    private readonly record struct Frame(byte[] Raw, int Start, int End);
}
