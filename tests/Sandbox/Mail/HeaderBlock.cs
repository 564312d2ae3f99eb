using System.Text;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// One header field as received: the name in its own casing, the value unfolded but with encoded words left alone.
/// <see cref="Start"/> and <see cref="Length"/> are its bytes in the message, the line end included.
/// </summary>
internal readonly record struct HeaderField(string Name, string Value, int Start, int Length)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// The header of a message or of a part, in order, repeated fields included.
/// Always reads: a line that is no header field ends the header, as if the blank line before the body were missing.
/// </summary>
internal sealed class HeaderBlock
{
    private HeaderBlock(IReadOnlyList<HeaderField> fields, int bodyStart)
    {
        Fields = fields;
        BodyStart = bodyStart;
    }

    public IReadOnlyList<HeaderField> Fields { get; }

    /// <summary>Where the body begins, as an offset into the whole message.</summary>
    public int BodyStart { get; }

    /// <summary>The first value of that name, or null.</summary>
    public string? First(string name)
    {
        foreach (HeaderField field in Fields)
        {
            if (field.Is(name))
            {
                return field.Value;
            }
        }

        return null;
    }

    public IEnumerable<string> All(string name) =>
        Fields.Where(field => field.Is(name)).Select(field => field.Value);

    public static HeaderBlock Read(ReadOnlySpan<byte> raw, int start, int end)
    {
        var fields = new List<HeaderField>();
        var lines = new LineScan(raw, start, end);
        int fieldStart = -1;
        int bodyStart = end;
        while (lines.MoveNext())
        {
            Kind kind = KindOf(lines.Text, isFirst: fieldStart < 0);
            if (kind is Kind.Folded or Kind.Envelope)
            {
                continue;
            }

            Close(fields, raw, fieldStart, lines.Start);
            fieldStart = lines.Start;
            if (kind != Kind.Field)
            {
                bodyStart = kind == Kind.Blank ? lines.Next : lines.Start;
                return new HeaderBlock(fields, bodyStart);
            }
        }

        Close(fields, raw, fieldStart, end);
        return new HeaderBlock(fields, bodyStart);
    }

    private static Kind KindOf(ReadOnlySpan<byte> line, bool isFirst)
    {
        if (line.IsEmpty || (isFirst && line.TrimStart(" \t"u8).IsEmpty))
        {
            return Kind.Blank;
        }

        if (!isFirst && line[0] is (byte)' ' or (byte)'\t')
        {
            return Kind.Folded;
        }

        return NameLength(line) > 0 ? Kind.Field : isFirst && IsEnvelope(line) ? Kind.Envelope : Kind.Body;
    }

    /// <summary>Enters the field that began at <paramref name="start"/>, now that its end is known.</summary>
    private static void Close(List<HeaderField> fields, ReadOnlySpan<byte> raw, int start, int end)
    {
        if (start < 0)
        {
            return;
        }

        ReadOnlySpan<byte> bytes = raw[start..end];
        int colon = bytes.IndexOf((byte)':');
        string name = Encoding.ASCII.GetString(bytes[..NameLength(bytes)]);
        string value = Unfold(Charsets.HeaderText(bytes[(colon + 1)..]));
        fields.Add(new HeaderField(name, value, start, end - start));
    }

    /// <summary>RFC 5322 section 2.2.3: unfolding takes the line ends out and leaves the blanks.</summary>
    private static string Unfold(string folded)
    {
        if (folded.AsSpan().IndexOfAny('\r', '\n') < 0)
        {
            return folded.Trim(' ', '\t');
        }

        return folded.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            .Trim(' ', '\t');
    }

    /// <summary>
    /// Length of a field name (RFC 5322 section 2.2: printable, no colon), or 0 when the line is no field.
    /// </summary>
    private static int NameLength(ReadOnlySpan<byte> line)
    {
        int length = 0;
        while (length < line.Length && line[length] is > 32 and < 127 and not (byte)':')
        {
            length++;
        }

        int colon = length;
        while (colon < line.Length && line[colon] is (byte)' ' or (byte)'\t')
        {
            colon++;
        }

        return colon < line.Length && line[colon] == (byte)':' ? length : 0;
    }

    /// <summary>mbox leftovers in front of the first field: "From someone date" and its quoted form.</summary>
    private static bool IsEnvelope(ReadOnlySpan<byte> line) =>
        line.StartsWith("From "u8) || line.StartsWith(">From "u8);

    /// <summary>What a line of a header can be.</summary>
    private enum Kind
    {
        Field,
        Folded,
        Envelope,
        Blank,
        Body,
    }
}
