namespace PracticPro.Sandbox.Mail;

/// <summary>
/// One node of a message's MIME tree. The root has the empty part id; children are numbered "0", "1", "0.1" as
/// Gmail numbers them. A part never copies its message: it is a range of bytes in it, decoded when asked for.
/// </summary>
internal sealed class MimePart
{
    private readonly byte[] _raw;
    private readonly int _bodyEnd;

    public MimePart(byte[] raw, int bodyEnd, string partId, HeaderBlock headers, string mimeType)
    {
        _raw = raw;
        _bodyEnd = bodyEnd;
        PartId = partId;
        Headers = headers;
        MimeType = mimeType;
    }

    public string PartId { get; }

    public HeaderBlock Headers { get; }

    /// <summary>
    /// Lower case, never empty: what is missing or unreadable counts as text/plain (RFC 2045 section 5.2).
    /// </summary>
    public string MimeType { get; }

    /// <summary>Empty when the part has no name.</summary>
    public string FileName { get; init; } = "";

    public string? Charset { get; init; }

    public IReadOnlyList<MimePart> Parts { get; init; } = [];

    public bool IsText => MimeType.StartsWith("text/", StringComparison.Ordinal);

    public bool IsMultipart => MimeType.StartsWith("multipart/", StringComparison.Ordinal);

    /// <summary>
    /// A part whose bytes Gmail keeps apart: it is fetched by an attachment id, not carried in the message.
    /// </summary>
    public bool IsAttachment => !IsMultipart && (FileName.Length > 0 || !IsText);

    /// <summary>The body without its transfer encoding, in its own charset.</summary>
    public byte[] DecodedBytes() =>
        TransferDecoding.Decode(_raw.AsSpan(Headers.BodyStart.._bodyEnd), Headers.First("Content-Transfer-Encoding"));

    /// <summary>The body as text.</summary>
    public string DecodedText() => Charsets.Decode(DecodedBytes(), Charset);

    /// <summary>This part and all below it, outermost first.</summary>
    public IEnumerable<MimePart> Walk() => Parts.SelectMany(part => part.Walk()).Prepend(this);
}
