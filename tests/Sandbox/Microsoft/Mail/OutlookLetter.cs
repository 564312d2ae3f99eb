using System.Text;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>A message text: "html" or "text", and the text.</summary>
internal sealed record OutlookBody(string ContentType, string Content);

/// <summary>A file that hangs on a message. Id is the same in both id forms.</summary>
internal sealed record OutlookAttachment(string Key, string Name, string ContentType, bool IsInline, byte[] Content);

/// <summary>
/// What a message says, apart from where it lies: read from MIME bytes, or written through the API. Never changes; an
/// edited draft gets another one.
/// </summary>
internal sealed record OutlookLetter
{
    private Lazy<OutlookBody> _body = new(() => new OutlookBody("text", ""));
    private Lazy<IReadOnlyList<OutlookAttachment>> _attachments = new(() => []);

    public string Subject { get; init; } = "";

    public MailAddress? From { get; init; }

    public MailAddress? Sender { get; init; }

    public IReadOnlyList<MailAddress> To { get; init; } = [];

    public IReadOnlyList<MailAddress> Cc { get; init; } = [];

    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];

    public IReadOnlyList<MailAddress> ReplyTo { get; init; } = [];

    /// <summary>Without brackets.</summary>
    public Rfc822Id? MessageId { get; init; }

    public string Importance { get; init; } = "normal";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public OutlookBody Body
    {
        get => _body.Value;
        init => _body = new Lazy<OutlookBody>(value);
    }

    public IReadOnlyList<OutlookAttachment> Attachments
    {
        get => _attachments.Value;
        init => _attachments = new Lazy<IReadOnlyList<OutlookAttachment>>(value);
    }

    /// <summary>The bytes it was read from; null when it was written field by field.</summary>
    public byte[]? Raw { get; init; }

    public IEnumerable<MailAddress> Recipients => To.Concat(Cc).Concat(Bcc);

    public static OutlookLetter Read(byte[] raw)
    {
        HeaderBlock header = HeaderBlock.Read(raw, 0, raw.Length);
        Envelope envelope = Envelope.Read(header);
        MailAddress? from = First(header, "From");
        var mime = new Lazy<MimePart>(() => MimeReader.Read(raw));
        return new OutlookLetter
        {
            Subject = envelope.Subject,
            From = from,
            Sender = First(header, "Sender") ?? from,
            To = All(header, "To"),
            Cc = All(header, "Cc"),
            Bcc = All(header, "Bcc"),
            ReplyTo = All(header, "Reply-To"),
            MessageId = envelope.MessageId,
            Importance = header.First("Importance")?.ToLowerInvariant() is "high" or "low"
                ? header.First("Importance")!.ToLowerInvariant()
                : "normal",
            Headers = [.. header.Fields.Select(field => KeyValuePair.Create(field.Name, field.Value))],
            Raw = raw,
            _body = new Lazy<OutlookBody>(() => BodyOf(mime.Value)),
            _attachments = new Lazy<IReadOnlyList<OutlookAttachment>>(() => AttachmentsOf(mime.Value)),
        };
    }

    /// <summary>The first words: one line, at most 255 characters.</summary>
    public string Preview()
    {
        string line = string.Join(' ', Body.Content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 255 ? line[..255] : line;
    }

    /// <summary>As it goes over the wire.</summary>
    public byte[] Mime(DateTimeOffset date)
    {
        if (Raw is not null)
        {
            return Raw;
        }

        var letter = new Letter(Text(From), string.Join(", ", To.Select(to => Text(to))), Subject, Body.Content)
        {
            MessageId = MessageId?.Value ?? "none",
            Date = date,
        };
        return Encoding.UTF8.GetBytes(letter.Write());
    }

    private static string Text(MailAddress? address) =>
        address is MailAddress known ? $"{known.Name} <{known.Address}>".TrimStart() : "";

    private static MailAddress? First(HeaderBlock header, string name) =>
        All(header, name).Cast<MailAddress?>().FirstOrDefault();

    private static MailAddress[] All(HeaderBlock header, string name) =>
        [.. header.All(name).SelectMany(MailAddress.ParseList)];

    private static OutlookBody BodyOf(MimePart root)
    {
        MimePart[] texts = [.. root.Walk().Where(part => part.IsText && !part.IsAttachment)];
        MimePart? chosen = Array.Find(texts, part => part.MimeType == "text/html") ?? texts.FirstOrDefault();
        return chosen is null
            ? new OutlookBody("text", "")
            : new OutlookBody(chosen.MimeType == "text/html" ? "html" : "text", chosen.DecodedText());
    }

    private static OutlookAttachment[] AttachmentsOf(MimePart root) =>
        [.. root.Walk().Where(part => part.IsAttachment).Select(part => new OutlookAttachment(
            $"AAMkAtt-{part.PartId}", part.FileName.Length > 0 ? part.FileName : "attachment", part.MimeType,
            part.Headers.First("Content-ID") is not null, part.DecodedBytes()))];
}
