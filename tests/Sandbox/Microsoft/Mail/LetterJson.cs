using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// Reads a message that a client wrote: field by field, or as base64 of MIME bytes. A header can be given only under an
/// x- name; a reply keeps its conversation through createReply alone.
/// </summary>
internal static class LetterJson
{
    private static readonly string[] Known =
    [
        "subject", "body", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "from", "sender", "importance",
        "internetMessageId", "internetMessageHeaders", "attachments", "isRead", "isDraft", "categories", "flag",
        "@odata.type", "hasAttachments", "inferenceClassification", "isDeliveryReceiptRequested",
        "isReadReceiptRequested", "conversationId",
    ];

    /// <summary>The letter that was there, with what the body says instead.</summary>
    public static (OutlookLetter? Letter, GraphError? Problem) Read(JsonObject body, OutlookLetter before)
    {
        if (body.Select(member => member.Key).FirstOrDefault(name => !Known.Contains(name)) is string stranger)
        {
            return (null, GraphError.UnknownProperty(stranger));
        }

        List<KeyValuePair<string, string>> headers = [.. before.Headers];
        foreach (JsonNode? header in body["internetMessageHeaders"] as JsonArray ?? [])
        {
            string name = (string?)header?["name"] ?? "";
            if (!name.StartsWith("x-", StringComparison.OrdinalIgnoreCase))
            {
                return (null, new GraphError(400, "InvalidInternetMessageHeader",
                    $"The internet message header name '{name}' should start with 'x-' or 'X-'."));
            }

            headers.Add(KeyValuePair.Create(name, (string?)header!["value"] ?? ""));
        }

        try
        {
            return (before with
            {
                Subject = (string?)body["subject"] ?? before.Subject,
                From = Address(body["from"]) ?? before.From,
                Sender = Address(body["sender"]) ?? before.Sender,
                To = Addresses(body, "toRecipients") ?? before.To,
                Cc = Addresses(body, "ccRecipients") ?? before.Cc,
                Bcc = Addresses(body, "bccRecipients") ?? before.Bcc,
                ReplyTo = Addresses(body, "replyTo") ?? before.ReplyTo,
                Importance = ((string?)body["importance"])?.ToLowerInvariant() ?? before.Importance,
                MessageId = ((string?)body["internetMessageId"])?.Trim('<', '>') is { Length: > 0 } id
                    ? new Rfc822Id(id) : before.MessageId,
                Headers = headers,
                Body = body["body"] is JsonObject text
                    ? new OutlookBody(((string?)text["contentType"])?.ToLowerInvariant() ?? "text", (string?)text["content"] ?? "")
                    : before.Body,
                Attachments = body["attachments"] is JsonArray files
                    ? [.. files.Select((file, at) => AttachmentMethods.Read((JsonObject)file!, $"AAMkAtt-{at}"))]
                    : before.Attachments,
                Raw = null,
            }, null);
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException or InvalidCastException)
        {
            return (null, GraphError.BadRequest("A value without a type name was found and no expected type is available."));
        }
    }

    /// <summary>Standard base64, not the URL kind.</summary>
    public static (OutlookLetter? Letter, GraphError? Problem) ReadMime(string text)
    {
        byte[] raw = new byte[text.Length];
        return Convert.TryFromBase64String(text, raw, out int length) && length > 0
            ? (OutlookLetter.Read(raw[..length]), null)
            : (null, new GraphError(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content."));
    }

    private static MailAddress? Address(JsonNode? node) => node?["emailAddress"] is JsonObject address
        ? new MailAddress((string?)address["name"] ?? "", (string?)address["address"] ?? "")
        : null;

    private static MailAddress[]? Addresses(JsonObject body, string name) =>
        body[name] is JsonArray array ? [.. array.Select(Address).OfType<MailAddress>()] : null;
}
