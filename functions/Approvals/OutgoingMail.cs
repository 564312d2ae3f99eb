using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PracticPro.Approvals.Published;

namespace PracticPro.Approvals;

/// <summary>
/// A mail as a person reads it before it goes out. Plain text only. Equal values give equal bytes
/// (<see cref="MimeWriter"/>), so that what is shown is what is hashed is what is sent.
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
    DateTimeOffset Date)
{
    public IEnumerable<MailParty> Recipients => To.Concat(Cc);
}

/// <summary>SHA-256 over what a person approves: shown as 64 lower-case hexadecimal digits.</summary>
internal readonly record struct ActionDigest(string Hex)
{
    /// <summary>
    /// Hash over the canonical action: one JSON object in RFC 8785 form (members sorted, no white space) with the
    /// SHA-256 of the exact MIME bytes, the recipients in order, the mailbox it leaves from and the gates' verdicts.
    /// </summary>
    public static ActionDigest Of(
        OutgoingMail mail, ReadOnlySpan<byte> mime, string connection, IEnumerable<GateResult> gates)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Canonical))
        {
            // Members in sorted order: attachments, connection, gates, kind, mimeSha256, recipients.
            json.WriteStartObject();
            json.WriteStartArray("attachments");
            json.WriteEndArray();
            json.WriteString("connection", connection);
            json.WriteStartArray("gates");
            foreach (var gate in gates)
            {
                json.WriteStringValue(gate.ForDigest());
            }

            json.WriteEndArray();
            json.WriteString("kind", "send-mail");
            json.WriteString("mimeSha256", Convert.ToHexStringLower(SHA256.HashData(mime)));
            json.WriteStartArray("recipients");
            foreach (var recipient in mail.Recipients)
            {
                json.WriteStringValue(recipient.Address.Normalised);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new ActionDigest(Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))));
    }

    // RFC 8785 escapes only what JSON demands.
    private static readonly JsonWriterOptions Canonical =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Constant-time comparison with a digest that came from outside.</summary>
    public bool Matches(string? other) =>
        other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hex), Encoding.UTF8.GetBytes(other));
}
