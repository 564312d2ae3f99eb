using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PracticPro.Approvals.Published;
using PracticPro.Audit.Verify;

namespace PracticPro.Approvals;

/// <summary>
/// A mail as a person reads it before it goes out: plain text, and what is attached. Equal values give equal bytes
/// (<see cref="MimeWriter"/>).
/// </summary>
/// <param name="MessageId">Our own, with angle brackets; by it the message is found again at the provider.</param>
/// <param name="InReplyTo">Message-ID answered to; empty for a new conversation.</param>
/// <param name="References">The conversation's Message-IDs, oldest first, joined by spaces.</param>
internal sealed record OutgoingMail(
    MailParty From,
    ImmutableArray<MailParty> To,
    ImmutableArray<MailParty> Cc,
    string Subject,
    string Text,
    string MessageId,
    string InReplyTo,
    string References,
    DateTimeOffset Date) : OutgoingAction
{
    /// <summary>In the order in which they are shown and sent.</summary>
    public ImmutableArray<OutgoingAttachment> Attachments { get; init; } = [];

    [JsonIgnore]
    public override string Title => Subject;

    [JsonIgnore]
    public override IEnumerable<MailParty> Recipients => To.Concat(Cc);

    [JsonIgnore]
    public override IEnumerable<string> Lines =>
        [.. Recipients.Append(From).Select(static party => party.Name), .. Attachments.Select(static one => one.Name)];

    [JsonIgnore]
    public override string Body => Text;

    public override bool Repeats(OutgoingAction other) =>
        other is OutgoingMail mail
        && mail.Text == Text
        && mail.Recipients.Any(party => Recipients.Any(mine => mine.Address == party.Address));

    internal override IEnumerable<Named<Canonical>> ForDigest(string sha256) =>
    [
        new("attachments", List(Attachments.Select(static one => Members(
            Member("mediaType", one.MediaType),
            Member("name", one.Name),
            Member("sha256", one.Sha256),
            new("size", Canonical.Of(one.Size)))))),
        Member("kind", "send-mail"),
        Member("mimeSha256", sha256),
        new("recipients", List(Recipients.Select(static party => Canonical.Of(party.Address.Normalised)))),
    ];
}

/// <summary>What is attached to a mail; its bytes lie sealed on the <see cref="AttachmentShelf"/>.</summary>
/// <param name="Name">As the recipient sees it.</param>
/// <param name="MediaType">Type and subtype: <c>application/pdf</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the bytes, 64 lower-case hexadecimal digits.</param>
internal sealed record OutgoingAttachment(string Name, string MediaType, int Size, string Sha256);
