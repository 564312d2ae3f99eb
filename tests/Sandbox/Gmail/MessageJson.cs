using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>How much of a message an answer carries.</summary>
internal enum MessageFormat
{
    Full,
    Minimal,
    Raw,
    Metadata,
}

/// <summary>
/// A message as the API writes it: 64-bit numbers as strings, bytes as base64url with padding, text bodies in UTF-8
/// whatever they were sent in, header values unfolded but otherwise as received.
/// </summary>
internal static class MessageJson
{
    public static JsonObject Reference(StoredMessage message) => new()
    {
        ["id"] = message.Id.ToString(),
        ["threadId"] = message.Thread.ToString(),
    };

    /// <summary>Id, thread and labels: what the calls that change a message answer, and history carries.</summary>
    public static JsonObject WithLabels(StoredMessage message)
    {
        JsonObject json = Reference(message);
        if (message.LabelIds.Count > 0)
        {
            json["labelIds"] = new JsonArray([.. message.LabelIds.Select(label => (JsonNode)label)]);
        }

        return json;
    }

    public static JsonObject Write(
        StoredMessage message, MessageFormat format, IReadOnlyCollection<string?> wantedHeaders, Seeded nonces)
    {
        MimePart root = MimeReader.Read(message.Raw);
        JsonObject json = WithLabels(message);
        json["snippet"] = Snippet.Of(root);
        json["historyId"] = message.History.ToString();
        json["internalDate"] = message.InternalDate.ToString(CultureInfo.InvariantCulture);
        json["sizeEstimate"] = message.Raw.Length;
        switch (format)
        {
            case MessageFormat.Full:
                json["payload"] = Part(root, nonces);
                break;
            case MessageFormat.Metadata:
                json["payload"] = new JsonObject
                {
                    ["mimeType"] = root.MimeType,
                    ["headers"] = Headers(root, wantedHeaders),
                };
                break;
            case MessageFormat.Raw:
                json["raw"] = Base64(message.Raw);
                break;
        }

        return json;
    }

    public static string Base64(ReadOnlySpan<byte> bytes)
    {
        string unpadded = Base64Url.EncodeToString(bytes);
        return unpadded.PadRight((unpadded.Length + 3) / 4 * 4, '=');
    }

    /// <summary>What <c>data</c> holds: text in UTF-8, everything else byte for byte.</summary>
    public static byte[] Content(MimePart part) =>
        part.IsText && !part.IsAttachment ? Encoding.UTF8.GetBytes(part.DecodedText()) : part.DecodedBytes();

    private static JsonObject Part(MimePart part, Seeded nonces)
    {
        var json = new JsonObject
        {
            ["partId"] = part.PartId,
            ["mimeType"] = part.MimeType,
            ["filename"] = part.FileName,
            ["headers"] = Headers(part, []),
            ["body"] = Body(part, nonces),
        };
        if (part.Parts.Count > 0)
        {
            json["parts"] = new JsonArray([.. part.Parts.Select(child => (JsonNode)Part(child, nonces))]);
        }

        return json;
    }

    private static JsonObject Body(MimePart part, Seeded nonces)
    {
        if (part.IsMultipart)
        {
            return new JsonObject { ["size"] = 0 };
        }

        byte[] content = Content(part);
        if (part.IsAttachment)
        {
            return new JsonObject
            {
                ["attachmentId"] = AttachmentId.New(part.PartId, nonces).ToString(),
                ["size"] = content.Length,
            };
        }

        var body = new JsonObject { ["size"] = content.Length };
        if (content.Length > 0)
        {
            body["data"] = Base64(content);
        }

        return body;
    }

    /// <summary>An empty list of wanted names means all.</summary>
    private static JsonArray Headers(MimePart part, IReadOnlyCollection<string?> wanted) =>
        [.. part.Headers.Fields
            .Where(field => wanted.Count == 0 || wanted.Contains(field.Name, StringComparer.OrdinalIgnoreCase))
            .Select(field => new JsonObject { ["name"] = field.Name, ["value"] = field.Value })];
}
