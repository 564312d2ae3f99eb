using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>Reads request bodies as strictly as Google does: a field it does not know is an error.</summary>
internal static class JsonBody
{
    /// <summary>35 MiB of message, the encoded mail counted (discovery: maxSize of send and drafts).</summary>
    public const int LargestMail = 36_700_160;

    private static readonly string[] MessageFields =
    [
        "raw", "threadId", "id", "labelIds", "snippet", "historyId", "internalDate", "payload", "sizeEstimate",
    ];

    public static GmailError? Unknown(JsonObject body, params string[] known)
    {
        string? stranger = body.Select(member => member.Key).FirstOrDefault(name => !known.Contains(name));
        return stranger is null
            ? null
            : GmailError.BadRequest($"Invalid JSON payload received. Unknown name \"{stranger}\": Cannot find field.");
    }

    public static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static IReadOnlyList<string> Texts(JsonObject body, string name) =>
        body[name] is JsonArray array ? [.. array.OfType<JsonValue>().Select(item => item.ToString())] : [];

    /// <summary>The mail and the thread of a Message resource: raw is needed, everything else Gmail fills itself.</summary>
    public static (byte[] Raw, string? ThreadId, GmailError? Error) Mail(JsonNode? message)
    {
        if (message is not JsonObject body)
        {
            return ([], null, GmailError.Invalid("Missing message"));
        }

        if (Unknown(body, MessageFields) is GmailError stranger)
        {
            return ([], null, stranger);
        }

        string? encoded = Text(body, "raw");
        if (string.IsNullOrEmpty(encoded))
        {
            return ([], null, GmailError.Invalid(
                "'raw' RFC822 payload message string or uploading message via /upload/* URL required"));
        }

        if (!Base64Url.IsValid(encoded.AsSpan().TrimEnd('=')))
        {
            return ([], null, GmailError.Invalid("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed"));
        }

        byte[] raw = Base64Url.DecodeFromChars(encoded.AsSpan().TrimEnd('='));
        return raw.Length > LargestMail ? ([], null, GmailError.TooLarge()) : (raw, Text(body, "threadId"), null);
    }
}
