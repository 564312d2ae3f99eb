using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// The rfc822 Message-ID of a mail, without its angle brackets. Compared letter by letter.
/// </summary>
internal readonly record struct Rfc822Id(string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// What a mailbox needs to know of a message to file and find it, read once from its header. Text is decoded.
/// </summary>
internal sealed partial record Envelope
{
    /// <summary>Null when the message has none.</summary>
    public Rfc822Id? MessageId { get; private init; }

    /// <summary>References and In-Reply-To together, oldest first.</summary>
    public required IReadOnlyList<Rfc822Id> References { get; init; }

    public required string Subject { get; init; }

    public required string From { get; init; }

    /// <summary>To, Cc and Bcc, joined by commas.</summary>
    public required string Recipients { get; init; }

    /// <summary>From Date, or else from the newest Received line; null when neither can be read.</summary>
    public DateTimeOffset? SentAt { get; private init; }

    /// <summary>Precedence or List-* fields are there: not written by one person to another.</summary>
    public bool IsBulk { get; private init; }

    /// <summary>The subject without reply and forward marks, in lower case: what Gmail compares to thread.</summary>
    public string Topic => Marks().Replace(Subject, "").Trim().ToLowerInvariant();

    public bool IsReply => Marks().IsMatch(Subject);

    public static Envelope Read(byte[] raw) => Read(HeaderBlock.Read(raw, 0, raw.Length));

    public static Envelope Read(HeaderBlock header) => new()
    {
        MessageId = Ids(header.First("Message-ID")).Cast<Rfc822Id?>().FirstOrDefault(),
        References = [.. Ids(header.First("References")).Concat(Ids(header.First("In-Reply-To"))).Distinct()],
        Subject = EncodedWords.Decode(header.First("Subject") ?? ""),
        From = EncodedWords.Decode(header.First("From") ?? ""),
        Recipients = EncodedWords.Decode(string.Join(", ", RecipientFields(header))),
        SentAt = MailDate.Parse(header.First("Date")) ?? MailDate.Parse(header.First("Received")?.Split(';')[^1]),
        IsBulk = header.First("List-Id") is not null || header.First("List-Unsubscribe") is not null
            || header.First("Precedence") is not null,
    };

    public static IEnumerable<string> RecipientFields(HeaderBlock header) =>
        header.All("To").Concat(header.All("Cc")).Concat(header.All("Bcc"));

    private static IEnumerable<Rfc822Id> Ids(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return [];
        }

        MatchCollection bracketed = Bracketed().Matches(header);
        // Some programs leave the brackets away.
        return bracketed.Count == 0
            ? [new Rfc822Id(header.Trim())]
            : bracketed.Select(match => new Rfc822Id(match.Groups[1].Value.Trim()));
    }

    [GeneratedRegex(@"^(\s*(re|fw|fwd|aw|sv|wg)(\[\d+\])?\s*:\s*)+", RegexOptions.IgnoreCase)]
    private static partial Regex Marks();

    [GeneratedRegex("<([^<>]+)>")]
    private static partial Regex Bracketed();
}
